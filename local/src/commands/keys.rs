//! `agora keys`: the signing keys of access tokens.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// Manage the signing keys of access tokens
#[derive(Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Rotate the signing keys: the next key signs, and another is published; works
    /// while the platform runs
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
