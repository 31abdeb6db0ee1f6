//! `agora keys`: the keys that access tokens are signed with.

use std::error::Error;

use clap::{Args, Subcommand};
use local::{operator, platform::PORT};

use super::{DataArguments, operate::operate};

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
        /// The port that the running platform listens on
        #[arg(long, default_value_t = PORT)]
        port: u16,
        #[command(flatten)]
        data: DataArguments,
    },
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let KeysCommand::Rotate { port, data } = self.command;
        operate(&operator::Command::RotateKeys, port, &data)
    }
}
