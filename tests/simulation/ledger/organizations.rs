//! The callers' knowledge of an organisation.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Organizations {
    /// Id of the organisation.
    pub id: String,
    /// Accounts of the colleagues, by their numbers.
    pub colleagues: BTreeMap<usize, String>,
    /// Times of acknowledged removals.
    pub removed: BTreeMap<String, Instant>,
    /// Accounts that have tried to accept an invitation: they may be members again.
    pub returning: BTreeSet<String>,
}
