//! Exceptions: fields in which a single occurrence differs from its series.

use std::{collections::BTreeMap, convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{key::Key, length::Length, local::Local, part::Changes, text::stored_as_text};

/// Exceptions of a schedule by key.
pub type Exceptions = BTreeMap<Key, Exception>;

/// Status of an occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Does not take place, and stays visible.
    Cancelled,
    /// A status of a later release.
    Other(String),
}

impl FromStr for Status {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "cancelled" => Self::Cancelled,
            other => Self::Other(other.to_owned()),
        })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cancelled => "cancelled",
            Self::Other(other) => other,
        })
    }
}

stored_as_text!(Status);

/// Fields in which a single occurrence differs. Absent ones are those of the series.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Local start. It stays when the hours of the series change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Local>,
    /// Duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Length>,
    /// Fields of the event that differ on this date.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}
