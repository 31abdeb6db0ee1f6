//! `agora schema`: stored items of earlier releases, rewritten beside live traffic.

mod frozen;
mod runs;
mod writers;

use local::{
    operator::{Command, OperatorError, Outcome},
    platform::Platform,
    schema_tools::{self, Plan, Report, SchemaError, Step},
};

/// A pace that no test reaches.
const UNITS: u32 = 1_000_000;

async fn run(platform: &Platform, command: schema_tools::Command) -> Result<Report, SchemaError> {
    match platform.operator().run(Command::Schema(command)).await {
        Ok(Outcome::Schema(report)) => Ok(report),
        Err(OperatorError::Schema(error)) => Err(error),
        other => panic!("{other:?}"),
    }
}

async fn plan(platform: &Platform) -> Plan {
    match run(platform, schema_tools::Command::Plan { units: UNITS }).await.unwrap() {
        Report::Plan(plan) => plan,
        other => panic!("{other:?}"),
    }
}

async fn step(platform: &Platform, holder: &str) -> Result<Step, SchemaError> {
    let command = schema_tools::Command::Backfill { units: UNITS, holder: holder.to_owned() };
    match run(platform, command).await? {
        Report::Step(step) => Ok(step),
        other => panic!("{other:?}"),
    }
}

/// Steps until every segment is finished.
async fn backfill(platform: &Platform) -> Step {
    let mut all = Step::default();
    loop {
        let step = step(platform, "run").await.unwrap();
        let is_done = step.is_done;
        all = all.and(step);
        if is_done {
            return all;
        }
    }
}

/// The items that are left; `None` if there is none.
async fn verify(platform: &Platform) -> Option<Plan> {
    match run(platform, schema_tools::Command::Verify { units: UNITS }).await {
        Ok(Report::Verified(_)) => None,
        Err(SchemaError::Left(plan)) => Some(plan),
        other => panic!("{other:?}"),
    }
}
