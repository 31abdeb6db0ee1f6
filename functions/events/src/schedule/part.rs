//! Part of a schedule: one rule from a date on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{length::Length, local::Local, rule::Rule, text::day};

/// Fields of the event that differ in a part. Schedules keep them unread.
pub type Changes = serde_json::Map<String, serde_json::Value>;

/// Part of a schedule. It ends where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// First local date of the part. Without a rule it is the key of the only occurrence,
    /// which so keeps its key when it is rescheduled.
    #[serde(with = "day")]
    pub from: Date,
    /// First start, a date that the rule gives. Its time is that of all.
    pub start: Local,
    /// Duration of each occurrence.
    pub duration: Length,
    /// Recurrence; a single date without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Last local date, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "day::optional")]
    pub until: Option<Date>,
    /// Number of dates that the rule gives, counting skipped ones (RFC 5545).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
    /// Fields of the event that differ from this date on.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}

impl Part {
    /// A single date.
    pub fn single(start: Local, duration: Length) -> Self {
        Self {
            from: start.date(),
            start,
            duration,
            rule: None,
            until: None,
            count: None,
            changes: Changes::new(),
        }
    }
}
