//! Items that are reported and skipped.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::table::item::Attributes;

use super::scan::key_of;

/// Maximum number of items in a report.
pub(super) const REPORTED: usize = 100;

/// An item that cannot be read or rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
    /// Name of the job.
    pub job: String,
    /// Cause, without values.
    pub reason: String,
}

impl Failed {
    pub(super) fn of(item: &Attributes, job: &str, reason: impl fmt::Display) -> Self {
        let key = key_of(item).unwrap_or_default();
        Self { pk: key.pk, sk: key.sk, job: job.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}: {}", self.pk, self.sk, self.job, self.reason)
    }
}
