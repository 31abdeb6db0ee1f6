//! An operator: rewrites items beside everybody else's work, in runs that are killed at
//! any point. The items are accounts whose names are listed as an earlier release wrote
//! them.

use std::sync::Arc;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use local::schema_tools::{Command, Report, SchemaTools};
use tokio::time::sleep;

use super::super::platform::{Platform, mortal};
use crate::seeded::{self, Dice};

/// Number of runs, of which some are killed.
const RUNS: usize = 6;

/// A pace that is never reached: time costs nothing here.
const UNITS: u32 = 1_000_000;

/// Caller of the operator's calls.
const NAME: &str = "agora";

fn tools(platform: &Platform) -> SchemaTools {
    let table = platform.stack.table.name.clone();
    SchemaTools::new(
        &platform.sdk_config(NAME),
        table,
        platform.operator_context(seeded::random(platform.seed)),
    )
}

fn backfill() -> Command {
    Command::Backfill { units: UNITS, holder: "operator".to_owned() }
}

/// Runs backfills.
pub async fn live(platform: Arc<Platform>) {
    let mut dice = Dice::new(&[platform.seed, 0x0bac]);
    let tools = tools(&platform);
    for _ in 0..RUNS {
        sleep(dice.millis(15_000)).await;
        age(&platform, &mut dice).await;
        let lifetime = dice.happens(500).then(|| 1 + dice.below(60));
        // A fault of the cloud ends a run, too.
        let _ = mortal(tools.run(backfill()), lifetime).await;
    }
}

/// Lists the name of an account as an earlier release did: not folded. The item's version
/// is that of its last write, so only this attribute changes.
async fn age(platform: &Platform, dice: &mut Dice) {
    let items = platform.aws.items(&platform.stack.table.name).await;
    let named: Vec<_> =
        items.iter().filter(|item| item["type"] == "user" && !item["gsi3sk"].is_null()).collect();
    let Some(user) = dice.pick(&named) else { return };
    let text = |name: &str| AttributeValue::S(user[name].as_str().unwrap().to_owned());
    let former = format!("{} (former)", user["gsi3sk"].as_str().unwrap());
    let update = Client::new(&platform.sdk_config(NAME)).update_item().table_name(&platform.stack.table.name);
    let update = update.key("pk", text("pk")).key("sk", text("sk"));
    let update = update.update_expression("SET gsi3sk = :former").condition_expression("gsi3sk = :listed");
    let update = update.expression_attribute_values(":former", AttributeValue::S(former));
    // Refused if the account has another name since.
    let _ = update.expression_attribute_values(":listed", text("gsi3sk")).send().await;
}

/// Rewrites what is left, without faults.
pub async fn finish(platform: &Platform) {
    let tools = tools(platform);
    loop {
        match tools.run(backfill()).await {
            Ok(Report::Step(step)) if step.is_done && step.failures.is_empty() => break,
            Ok(Report::Step(step)) if !step.is_done => {}
            other => return platform.ledger().broken(format!("the backfill ended with {other:?}")),
        }
    }
    if let Err(left) = tools.run(Command::Verify { units: UNITS }).await {
        platform.ledger().broken(format!("after the backfill: {left}"));
    }
}
