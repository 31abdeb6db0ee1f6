//! `agora dlq`: dead letters.

use std::error::Error;

use clap::{Args, Subcommand};
use local::{dead_letters, operator::Command};

use super::operate::Anywhere;

/// Inspect and redrive dead letters
#[derive(Args)]
pub(super) struct Dlq {
    #[command(subcommand)]
    command: DlqCommand,
}

#[derive(Subcommand)]
enum DlqCommand {
    /// List the number of dead letters of each queue
    List {
        #[command(flatten)]
        target: Anywhere,
    },
    /// Show the dead letters of a queue
    Show {
        /// Logical id of the queue, as `list` shows it
        queue: String,
        #[command(flatten)]
        target: Anywhere,
    },
    /// Redrive dead letters to their source
    Redrive {
        /// Logical id of the queue, as `list` shows it
        queue: String,
        /// Id of one message; without it, all are redriven
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
