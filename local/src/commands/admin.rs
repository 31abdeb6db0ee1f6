//! `agora admin`: administrators.

use std::error::Error;

use clap::{Args, Subcommand};
use local::{operator, platform::PORT};

use super::{DataArguments, operate::operate};

/// Administrators
#[derive(Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Make an account an administrator's, also while the platform runs
    Grant {
        /// The account's address
        email: String,
        /// The port that the running platform listens on
        #[arg(long, default_value_t = PORT)]
        port: u16,
        #[command(flatten)]
        data: DataArguments,
    },
}

impl Admin {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let AdminCommand::Grant { email, port, data } = self.command;
        operate(&operator::Command::GrantAdministrator { email }, port, &data)
    }
}
