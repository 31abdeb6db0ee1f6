//! `agora admin`: administrators.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

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
        #[command(flatten)]
        target: Anywhere,
    },
}

impl Admin {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let AdminCommand::Grant { email, target } = self.command;
        target.run(&Command::GrantAdministrator { email })
    }
}
