//! Schema tools of an operator: the number of stored items by type and schema version,
//! and the jobs that rewrite items of earlier releases beside live traffic. Only these
//! tools scan the table.

mod backfill;
mod difference;
mod failed;
mod pace;
mod plan;
mod planned;
pub mod prices;
mod progress;
mod report;
mod rewriting;
mod scan;
mod status;

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use serde::{Deserialize, Serialize};
use shared::{
    Context, Failure,
    evolution::Job,
    http::IdempotencyRecord,
    identity, membership,
    table::{
        Table,
        item::{Reader, Tombstone},
    },
};

pub use self::{
    failed::Failed,
    planned::{Example, JobPlan, Plan},
    progress::ENTITIES,
    report::{Report, Step},
    status::{Counted, Form, Status},
};
use self::{pace::Pace, progress::Progress, scan::Scan};

/// Default limit of consumed units a second: an eighth of the writes that a new table
/// accepts at once.
pub const UNITS_A_SECOND: u32 = 500;

/// A command about stored items.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Counts the items by type and schema version.
    Status {
        /// Maximum consumed units a second.
        units: u32,
    },
    /// Describes what the jobs would rewrite.
    Plan {
        /// Maximum consumed units a second.
        units: u32,
    },
    /// Rewrites items for about two seconds.
    Backfill {
        /// Maximum consumed units a second.
        units: u32,
        /// Random name of the run, for its lease.
        holder: String,
    },
    /// Ends the lease of a run that is not finished.
    Release {
        /// See [`Self::Backfill`].
        holder: String,
    },
    /// Looks for items that a job would rewrite, and for items that cannot be read.
    Verify {
        /// Maximum consumed units a second.
        units: u32,
    },
}

/// Errors of a command.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Another run rewrites items.
    #[error("another backfill is running\nhint: after a kill its lease ends within a minute")]
    Busy,
    /// Items are left.
    #[error("{0}")]
    Left(Plan),
    /// The table failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Every job, in the order in which they run.
pub fn jobs() -> impl Iterator<Item = &'static Job> {
    identity::JOBS.iter().chain(catalog::JOBS).chain(orders::JOBS)
}

/// The readers of every entity.
pub fn readers() -> Vec<Reader> {
    let own = [Reader::of::<IdempotencyRecord>(), Reader::of::<Tombstone>()];
    let shared = [identity::ENTITIES, membership::ENTITIES];
    let groups = [
        catalog::ENTITIES,
        orders::ENTITIES,
        notifications::ENTITIES,
        organizations::ENTITIES,
        events::ENTITIES,
    ];
    own.into_iter().chain(shared.concat()).chain(groups.concat()).chain(ENTITIES.iter().copied()).collect()
}

/// The stored items of one stack.
pub struct SchemaTools {
    client: Client,
    table_name: String,
    table: Table,
    context: Context,
}

impl SchemaTools {
    /// The items of the table `table_name`.
    pub fn new(aws: &SdkConfig, table_name: String, context: Context) -> Self {
        let table = Table::new(aws, table_name.clone(), context.clone());
        Self { client: Client::new(aws), table_name, table, context }
    }

    /// Runs a command, and reports its result.
    pub async fn run(&self, command: Command) -> Result<Report, SchemaError> {
        match command {
            Command::Status { units } => {
                let counted = status::count(&self.scan(units)).await?;
                Ok(Report::Status(Status { progress: self.progress().summary().await?, counted }))
            }
            Command::Plan { units } => Ok(Report::Plan(plan::plan(&self.scan(units)).await?)),
            Command::Verify { units } => {
                let plan = plan::plan(&self.scan(units).consistent()).await?;
                if plan.is_empty() { Ok(Report::Verified(plan)) } else { Err(SchemaError::Left(plan)) }
            }
            Command::Backfill { units, holder } => {
                let step = backfill::step(&self.scan(units), &self.progress(), &holder).await?;
                Ok(Report::Step(step))
            }
            Command::Release { holder } => {
                self.progress().release(&holder).await?;
                Ok(Report::Released)
            }
        }
    }

    fn scan(&self, units: u32) -> Scan {
        Scan::new(self.client.clone(), self.table_name.clone(), Pace::of(units))
    }

    fn progress(&self) -> Progress {
        Progress::new(self.table.clone(), self.context.clone())
    }
}
