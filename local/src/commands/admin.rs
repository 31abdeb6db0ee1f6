//! `agora admin`: administrators.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// Manage administrators
#[derive(Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Grant an account the role of administrator; works while the platform runs
    Grant {
        /// Email address of the account
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
