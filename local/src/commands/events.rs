//! `agora events`: the search for events.

use std::error::Error;

use clap::{Args, Subcommand};
use local::operator::Command;

use super::operate::Anywhere;

/// Repair the search for events
#[derive(Args)]
pub(super) struct Events {
    #[command(subcommand)]
    command: EventsCommand,
}

#[derive(Subcommand)]
enum EventsCommand {
    /// Rebuild the search index from the stored events, beside live traffic
    RebuildSearch {
        #[command(flatten)]
        target: Anywhere,
    },
}

impl Events {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let EventsCommand::RebuildSearch { target } = self.command;
        target.run(&Command::RebuildEventSearch)
    }
}
