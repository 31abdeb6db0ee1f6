//! Rewrites that a backfill would do, as a report.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use shared::evolution::Job;

use super::{
    failed::Failed,
    prices::{READ_UNIT, WRITE_UNIT},
};

/// Rewrites that a backfill would do.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Plan {
    /// Number of items.
    pub scanned: u64,
    /// Read units of the scan.
    pub read_units: f64,
    /// Rewrites of each job.
    pub jobs: BTreeMap<String, JobPlan>,
    /// Number of items that cannot be read or rewritten.
    pub failed: u64,
    /// The first of them.
    pub failures: Vec<Failed>,
}

impl Plan {
    /// True if no item is left.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.failed == 0
    }
}

/// Rewrites of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JobPlan {
    /// Content of the job.
    pub about: String,
    /// Number of rewrites.
    pub items: u64,
    /// Estimated write units.
    pub write_units: f64,
    /// The first rewrites.
    pub examples: Vec<Example>,
}

impl JobPlan {
    pub(super) fn of(job: &Job) -> Self {
        Self { about: job.about.to_owned(), items: 0, write_units: 0.0, examples: Vec::new() }
    }
}

/// Rewrite of an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Example {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
    /// Paths of the attributes that change.
    pub differences: Vec<String>,
    /// Number of items written beside it.
    pub beside: usize,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sum of nothing is -0.
        let writes = self.jobs.values().fold(0.0, |all, job| all + job.write_units);
        let dollars = self.read_units * READ_UNIT + writes * WRITE_UNIT;
        let (scanned, reads) = (self.scanned, self.read_units);
        write!(
            f,
            "{scanned} items, {reads:.0} read units; about {writes:.0} write units to rewrite, ${dollars:.4} in all"
        )?;
        for (name, JobPlan { about, items, write_units, examples }) in &self.jobs {
            write!(f, "\n{name}: {items} rewrites, about {write_units:.0} write units\n  {about}")?;
            for Example { pk, sk, differences, beside } in examples {
                write!(f, "\n  {pk} {sk}: {}", differences.join(", "))?;
                if *beside > 0 {
                    write!(f, "; {beside} items beside it")?;
                }
            }
        }
        if self.failed > 0 {
            write!(f, "\n{} items cannot be read or rewritten:", self.failed)?;
        }
        self.failures.iter().try_for_each(|failed| write!(f, "\n  {failed}"))
    }
}
