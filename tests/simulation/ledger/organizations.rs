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
    /// Events that they have created.
    pub events: Vec<String>,
    /// Events that they have created for the organisation.
    pub society: BTreeSet<String>,
    /// Events that may have got another organizer.
    pub transferred: BTreeSet<String>,
    /// Events that are private from their creation on.
    pub secret: BTreeSet<String>,
    /// Events some dates of which may have other hours.
    pub split: BTreeSet<String>,
    /// Events that may have other dates.
    pub rescheduled: BTreeSet<String>,
    /// Times of acknowledged removals.
    pub removed: BTreeMap<String, Instant>,
    /// Accounts that have accepted an invitation since their last removal, with the time of
    /// the answer, which is none before it comes.
    pub joining: BTreeMap<String, Option<Instant>>,
    /// Accounts that may write in any case: an acceptance had no answer, so it may still be
    /// carried out, or an administrator has tried to make them one.
    pub excused: BTreeSet<String>,
}
