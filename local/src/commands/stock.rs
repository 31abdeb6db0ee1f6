//! `agora stock`: the stock of what is ordered.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// The stock of what is ordered
#[derive(Args)]
pub(super) struct Stock {
    #[command(subcommand)]
    command: StockCommand,
}

#[derive(Subcommand)]
enum StockCommand {
    /// Compare every stock with the orders, also while things are ordered; fails
    /// where one is not what they say
    Reconcile {
        #[command(flatten)]
        target: Anywhere,
    },
}

impl Stock {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let StockCommand::Reconcile { target } = self.command;
        target.run(&Command::ReconcileStock)
    }
}
