//! `agora seed`: something to develop with.

use std::error::Error;

use clap::Args;
use local::{
    operator::{Command, Outcome, Tally},
    seed,
};

use super::operate::Here;
use crate::console;

/// How many accounts one command makes: the bar moves on with each.
const STEP: usize = 50;

/// Fill the platform with believable data; what is there already is left alone
#[derive(Args)]
pub(super) struct Seed {
    /// How many accounts there are to be
    #[arg(long, value_name = "N")]
    users: usize,
    #[command(flatten)]
    here: Here,
}

impl Seed {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { users, here } = self;
        let bar = console::progress(users);
        let tally = here.run(async |target| {
            let mut tally = Tally::default();
            for from in (0..users).step_by(STEP) {
                let count = STEP.min(users - from);
                if let Outcome::Accounts(more) = target.run(&Command::SeedUsers { from, count }).await? {
                    tally = tally.and(more);
                }
                bar.inc(count as u64);
            }
            Ok(tally)
        })?;
        bar.finish_and_clear();
        console::say(&format!("{}.", Outcome::Accounts(tally)));
        console::say(&format!("Each logs in with the password: {}", seed::PASSWORD));
        Ok(())
    }
}
