//! Reports of the schema tools, with their messages for the operator. They show keys and
//! names of attributes, never values.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{failed::Failed, planned::Plan, status::Status};

/// Result of a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Numbers of items.
    Status(Status),
    /// Rewrites that a backfill would do.
    Plan(Plan),
    /// Progress of a backfill.
    Step(Step),
    /// The lease is ended.
    Released,
    /// No item is left.
    Verified(Plan),
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::Plan(plan) => plan.fmt(f),
            Self::Step(step) => step.fmt(f),
            Self::Released => f.write_str("Stopped. The next backfill continues from here."),
            Self::Verified(plan) => write!(f, "{} items, all in their current form.", plan.scanned),
        }
    }
}

/// Progress of a backfill.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Step {
    /// Number of items seen.
    pub scanned: u64,
    /// Number of rewrites.
    pub rewritten: u64,
    /// Consumed units.
    pub units: f64,
    /// True if the table had no capacity, or did not answer.
    pub throttled: bool,
    /// True if every segment is finished.
    pub is_done: bool,
    /// Items that were skipped.
    pub failures: Vec<Failed>,
}

impl Step {
    /// Sum of two steps.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.scanned += other.scanned;
        self.rewritten += other.rewritten;
        self.units += other.units;
        self.throttled |= other.throttled;
        self.is_done &= other.is_done;
        self.failures.extend(other.failures);
        self
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scanned, rewritten, units, failures, .. } = self;
        write!(f, "{scanned} items, {rewritten} rewrites, {units:.0} units")?;
        if !failures.is_empty() {
            write!(f, "\n{} items are skipped:", failures.len())?;
        }
        failures.iter().try_for_each(|failed| write!(f, "\n  {failed}"))
    }
}
