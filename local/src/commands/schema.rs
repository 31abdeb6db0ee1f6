//! `agora schema`: stored items of earlier releases.

use std::{error::Error, time::Duration};

use clap::{Args, Subcommand};
use local::{
    operator::{Command, Outcome},
    schema_tools::{self, Report, Step, UNITS_A_SECOND},
};
use shared::{
    clock::Clock,
    id::{Ids, RequestKind},
    random::Random,
};

use super::{
    Stop,
    operate::{Anywhere, Target},
};
use crate::console;

/// Pause after a step that the table had no capacity for, doubled each time.
const PAUSE: Duration = Duration::from_secs(5);

/// Number of such steps in a row after which the command gives up.
const THROTTLED_STEPS: u32 = 6;

/// Inspect stored items, and rewrite those of earlier releases
#[derive(Args)]
pub(super) struct Schema {
    #[command(subcommand)]
    command: SchemaCommand,
}

#[derive(Subcommand)]
enum SchemaCommand {
    /// Count the items by type and schema version
    Status(Scan),
    /// Show what a backfill would rewrite: items, first differences, units, dollars
    Plan(Scan),
    /// Rewrite items beside live traffic; continues where it was stopped
    Backfill(Scan),
    /// Check that a backfill has left no item; fails if it has
    Verify(Scan),
}

#[derive(Args)]
struct Scan {
    /// Maximum consumed units a second
    #[arg(long, value_name = "N", default_value_t = UNITS_A_SECOND)]
    units: u32,
    #[command(flatten)]
    target: Anywhere,
}

impl Schema {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let (command, scan) = match self.command {
            SchemaCommand::Status(scan) => (schema_tools::Command::Status { units: scan.units }, scan),
            SchemaCommand::Plan(scan) => (schema_tools::Command::Plan { units: scan.units }, scan),
            SchemaCommand::Verify(scan) => (schema_tools::Command::Verify { units: scan.units }, scan),
            SchemaCommand::Backfill(Scan { units, target }) => {
                return target.with(async |target| backfill(&target, units).await);
            }
        };
        scan.target.run(&Command::Schema(command))
    }
}

/// Runs steps until no item is left or a stop signal comes. A table without capacity
/// halves the pace.
async fn backfill(target: &Target<'_>, units: u32) -> Result<(), Box<dyn Error>> {
    let mut signals = Stop::listen()?;
    let holder = Ids::new(Clock::system(), Random::system()).next::<RequestKind>().to_string();
    let activity = console::Activity::new();
    let (mut all, mut pace, mut throttled) = (Step::default(), units, 0);
    loop {
        let command = schema_tools::Command::Backfill { units: pace, holder: holder.clone() };
        let Outcome::Schema(Report::Step(step)) = target.operate(&Command::Schema(command)).await? else {
            return Err("the platform is of another release".into());
        };
        let (is_done, is_throttled) = (step.is_done, step.throttled);
        all = all.and(step);
        if is_done {
            activity.end();
            console::say(&all.to_string());
            return Ok(());
        }
        activity.show(format!("{} items, {} rewrites", all.scanned, all.rewritten));
        throttled = if is_throttled { throttled + 1 } else { 0 };
        let pause = if is_throttled { PAUSE * 2_u32.pow(throttled - 1) } else { Duration::ZERO };
        pace = if is_throttled { (pace / 2).max(1) } else { (pace + units.div_ceil(10)).min(units) };
        let stopped = tokio::time::timeout(pause, signals.asked()).await.is_ok();
        if stopped || throttled == THROTTLED_STEPS {
            let release = schema_tools::Command::Release { holder };
            let released = target.operate(&Command::Schema(release)).await?;
            activity.end();
            console::say(&all.to_string());
            return Err(match (stopped, released) {
                (true, released) => released.to_string().into(),
                (false, _) => {
                    "the table has no capacity\nhint: run it again later, or with fewer --units".into()
                }
            });
        }
    }
}
