//! `agora keys`: the keys that access tokens are signed with.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// The keys that access tokens are signed with
#[derive(Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Let the next key sign, and publish another, also while the platform runs
    Rotate {
        #[command(flatten)]
        target: Anywhere,
    },
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let KeysCommand::Rotate { target } = self.command;
        target.run(&Command::RotateKeys)
    }
}
