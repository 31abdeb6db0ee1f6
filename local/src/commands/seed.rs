//! `agora seed`: data for development.

use std::error::Error;

use clap::Args;
use local::{
    client::Client,
    operator::{Command, Outcome, Tally},
    seed::{
        PASSWORD,
        demo::{Demo, Filled, PRODUCTS},
        people::SHOPKEEPER,
    },
};

use super::operate::Here;
use crate::console::{self, Progress};

/// Number of accounts in one command: the progress bar advances with each.
const STEP: usize = 50;

/// Fill the platform with realistic data; existing data is left alone
#[derive(Args)]
pub(super) struct Seed {
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    here: Here,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct What {
    /// Number of accounts
    #[arg(long, value_name = "N")]
    users: Option<usize>,
    /// Create a demo shop: hundreds of categories, thousands of products, hundreds of
    /// orders, a dozen organisations
    #[arg(long)]
    demo: bool,
}

impl Seed {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { what: What { users, demo }, here } = self;
        here.run(async |platform| {
            if let Some(users) = users {
                seed_users(platform, users).await?;
            }
            if demo {
                seed_demo(platform).await?;
            }
            Ok(())
        })
    }
}

async fn seed_users(platform: &Client, users: usize) -> Result<(), Box<dyn Error>> {
    let progress = Progress::of(users);
    let mut tally = Tally::default();
    for from in (0..users).step_by(STEP) {
        let count = STEP.min(users - from);
        if let Outcome::Accounts(more) = platform.operate(&Command::SeedUsers { from, count }).await? {
            tally = tally.and(more);
        }
        progress.add(count);
    }
    progress.end();
    console::say(&format!("{}.", Outcome::Accounts(tally)));
    console::say(&format!("Password of each account: {PASSWORD}"));
    Ok(())
}

async fn seed_demo(platform: &Client) -> Result<(), Box<dyn Error>> {
    let demo = Demo::of(PRODUCTS);
    let progress = Progress::of(demo.things());
    let filled = demo.fill(platform, || progress.add(1)).await?;
    progress.end();
    let Filled { categories, products, orders, organizations, events } = filled;
    let tallies = [
        ("categories", categories),
        ("products", products),
        ("orders", orders),
        ("organisations", organizations),
        ("events", events),
    ];
    for (what, tally) in tallies {
        console::say(&format!("{} {what} created, {} existing.", tally.made, tally.present));
    }
    console::say(&format!("Administrator: {SHOPKEEPER}, password: {PASSWORD}"));
    Ok(())
}
