//! Reasons for refusing a schedule or an edit, each with a stable code and a sentence.

use std::fmt;

use shared::text::Invalid;

/// Reason for refusing a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A rule outside the subset; the sentence names the part and its limit.
    InvalidRule(String),
    /// The zone is not in the database that is linked in.
    UnknownTimeZone,
    /// A start that is no local date (all-day) or local date-time, or out of bounds.
    InvalidStart,
    /// The start is not a date that the rule gives.
    StartNotInRule,
    /// A start that falls on another date in the new zone.
    StartOnAnotherDate,
    /// A duration that is no ISO 8601 duration, or out of bounds.
    InvalidDuration,
    /// An end that lies before the start, or is stated in two ways.
    InvalidEnd,
    /// More dates than are kept; the sentence names the limit.
    TooManyOccurrences(&'static str),
    /// A text that is no key of an occurrence.
    InvalidKey,
    /// The schedule does not give an occurrence of this key.
    NotInSeries,
    /// Parts that are missing, too many or out of order.
    InvalidParts,
    /// A range that ends before it begins, or is longer than 400 days.
    InvalidRange,
    /// A required field is missing.
    Required,
}

impl Fault {
    /// Stable code in `snake_case`, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRule(_) => "invalid_rule",
            Self::UnknownTimeZone => "unknown_time_zone",
            Self::InvalidStart => "invalid_start",
            Self::StartNotInRule => "start_not_in_rule",
            Self::StartOnAnotherDate => "start_on_another_date",
            Self::InvalidDuration => "invalid_duration",
            Self::InvalidEnd => "invalid_end",
            Self::TooManyOccurrences(_) => "too_many_occurrences",
            Self::InvalidKey => "invalid_occurrence_key",
            Self::NotInSeries => "occurrence_not_in_series",
            Self::InvalidParts => "invalid_parts",
            Self::InvalidRange => "invalid_range",
            Self::Required => "required",
        }
    }

    /// Explanation, for people. Never repeats the value.
    pub fn detail(&self) -> &str {
        match self {
            Self::InvalidRule(detail) => detail,
            Self::UnknownTimeZone => "A time zone is an IANA time zone name, such as Europe/Berlin.",
            Self::InvalidStart => {
                "A start is a local date-time without offset, such as 2026-10-06T19:00, or a date such as \
                 2026-10-06 if the event is all-day, from 1900 to 2199."
            }
            Self::StartNotInRule => "The start is not a date that the rule gives.",
            Self::StartOnAnotherDate => {
                "The series starts on another date in the new time zone: send its schedule in local times of \
                 that zone, with `keep=clock`."
            }
            Self::InvalidDuration => {
                "A duration is an ISO 8601 duration of weeks, days, hours and minutes up to 366 days, such as \
                 PT2H; whole days, such as P2D, if the event is all-day."
            }
            Self::InvalidEnd => {
                "An end is not before its start, and is stated in one way: \"duration\", \"end\" or \
                 \"last_day\"; \"count\" or \"until\"."
            }
            Self::TooManyOccurrences(limit) => limit,
            Self::InvalidKey => {
                "A key of an occurrence is its local date, such as 2026-10-27, or 2026-10-27.2 for the \
                 second of a day."
            }
            Self::NotInSeries => "The schedule has no occurrence of this key.",
            Self::InvalidParts => {
                "A schedule has 1 to 20 parts in the order of \"from\"; each starts before the next begins."
            }
            Self::InvalidRange => "A range ends after it begins and has at most 400 days.",
            Self::Required => "This field is required.",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for Invalid {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code(), fault.detail())
    }
}
