//! `agora dlq`: dead letters.

use std::error::Error;

use clap::{Args, Subcommand};
use local::{dead_letters, operator::Command};

use super::operate::Anywhere;

/// Dead letters: messages that were set aside
#[derive(Args)]
pub(super) struct Dlq {
    #[command(subcommand)]
    command: DlqCommand,
}

#[derive(Subcommand)]
enum DlqCommand {
    /// How many letters each queue holds
    List {
        #[command(flatten)]
        target: Anywhere,
    },
    /// What the letters of a queue say
    Show {
        /// The queue's logical id, as `list` names it
        queue: String,
        #[command(flatten)]
        target: Anywhere,
    },
    /// Send letters back to where they came from
    Redrive {
        /// The queue's logical id, as `list` names it
        queue: String,
        /// The id of the one letter that is meant
        #[arg(long)]
        message: Option<String>,
        #[command(flatten)]
        target: Anywhere,
    },
}

impl Dlq {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let (command, target) = match self.command {
            DlqCommand::List { target } => (dead_letters::Command::List, target),
            DlqCommand::Show { queue, target } => (dead_letters::Command::Show { queue }, target),
            DlqCommand::Redrive { queue, message, target } => {
                (dead_letters::Command::Redrive { queue, message }, target)
            }
        };
        target.run(&Command::DeadLetters(command))
    }
}
