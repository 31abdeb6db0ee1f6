//! Moderators: administrators who block and unblock events.

use std::sync::Arc;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    super::{client::Ask, platform::Platform},
    LENGTH, administrator,
};
use crate::seeded::Dice;

/// Number of steps.
const STEPS: usize = 6;

/// Runs the steps of a moderator. The account is that of an administrator, who may lose the
/// role.
pub async fn live(platform: Arc<Platform>) {
    let end = Instant::now() + LENGTH;
    let mut dice = Dice::new(&[platform.seed, 0x30d]);
    let mut token = None;
    for _ in 0..STEPS {
        sleep(dice.millis(4_000)).await;
        if Instant::now() > end {
            return;
        }
        if token.is_none() {
            token = administrator::log_in(&platform, &mut dice, 0).await;
        }
        let known = platform.ledger().organizations.events.clone();
        let (Some(bearer), Some(id)) = (&token, dice.pick(&known)) else { continue };
        let verb = if dice.happens(600) { "block" } else { "unblock" };
        let ask = Ask::post(format!("/api/v1/events/{id}/{verb}"), json!({ "reason": "spam" }));
        let answer = ask.token(bearer).send(&platform, &mut dice).await;
        if answer.is_some_and(|answer| matches!(answer.status, 401 | 403)) {
            token = None;
        }
    }
}
