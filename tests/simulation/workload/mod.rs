//! Concurrent users: members with sessions and thieves, administrators, managers of
//! the catalogue, sellers and customers, members of an organisation, moderators. Each
//! records its answers in the ledger.

mod accounts;
mod administrator;
mod buyers;
pub mod colleagues;
mod member;
pub mod merchants;
mod moderators;
mod sessions;
mod shelves;

use std::{sync::Arc, time::Duration};

use member::Member;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::platform::Platform;
use crate::seeded::Dice;

/// Time in which new steps begin: bounded, so that a message that always fails does
/// not exceed the queue's deliveries.
const LENGTH: Duration = Duration::from_mins(2);

/// Marker of personal data, which must not occur in a log or an event.
pub const MARKER: &str = "-marker@";

/// Maximum number of members.
const MEMBERS: usize = 3;

/// Number of steps of each.
const STEPS: usize = 6;

/// Creates the initial data, before the faults.
pub async fn found(platform: &Arc<Platform>) {
    administrator::found(platform).await;
    merchants::found(platform).await;
    if colleagues::live_in(platform.seed) {
        colleagues::found(platform).await;
    }
}

/// Runs all users to their end.
pub async fn run(platform: &Arc<Platform>) {
    let mut dice = Dice::new(&[platform.seed, 0x3e]);
    let mut people = JoinSet::new();
    let members = 1 + dice.below(MEMBERS);
    for number in 0..members {
        people.spawn(live(Member::new(platform, number)));
    }
    for number in 0..dice.below(administrator::COUNT + 1) {
        people.spawn(administrator::live(Arc::clone(platform), number));
    }
    // Separate dice, so that the other users' steps stay the same.
    for number in 0..Dice::new(&[platform.seed, 0x5e]).below(shelves::COUNT + 1) {
        people.spawn(shelves::live(Arc::clone(platform), number));
    }
    let mut trade = Dice::new(&[platform.seed, 0x0de]);
    for number in 0..trade.below(merchants::COUNT + 1) {
        people.spawn(merchants::live(Arc::clone(platform), number));
    }
    for number in 0..trade.below(buyers::COUNT + 1) {
        people.spawn(buyers::live(Arc::clone(platform), number));
    }
    if colleagues::live_in(platform.seed) {
        for number in 0..colleagues::COUNT {
            people.spawn(colleagues::live(Arc::clone(platform), number));
        }
        people.spawn(colleagues::events::organize(Arc::clone(platform), 0));
        people.spawn(moderators::live(Arc::clone(platform)));
    }
    while let Some(done) = people.join_next().await {
        if let Err(error) = done {
            platform.ledger().broken(format!("somebody panicked: {error}"));
        }
    }
}

async fn live(mut member: Member) {
    let end = Instant::now() + LENGTH;
    for _ in 0..STEPS {
        let pause = if member.dice.happens(200) { 14_000 } else { 2_500 };
        sleep(member.dice.millis(pause)).await;
        if Instant::now() > end {
            return;
        }
        member.step().await;
    }
}
