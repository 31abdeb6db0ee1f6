//! `agora stock`: the stock of orders.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// Inspect the stock
#[derive(Args)]
pub(super) struct Stock {
    #[command(subcommand)]
    command: StockCommand,
}

#[derive(Subcommand)]
enum StockCommand {
    /// Compare every stock with the orders, also under live traffic; fails if they
    /// differ
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
