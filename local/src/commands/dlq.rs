//! `agora dlq`: dead letters.

use std::error::Error;

use clap::{Args, Subcommand};
use local::{
    dead_letters::{self, DeadLetters},
    operator,
    platform::PORT,
};

use super::{DataArguments, operate::operate, runtime};
use crate::console;

/// Dead letters: messages that were set aside
#[derive(Args)]
pub(super) struct Dlq {
    #[command(subcommand)]
    command: DlqCommand,
}

/// Whose dead letters are meant.
#[derive(Args)]
struct Whose {
    /// The deployed stage that is meant, where the AWS variables say; without
    /// it, the local platform, also while it runs
    #[arg(long)]
    stage: Option<String>,
    /// The port that the running platform listens on
    #[arg(long, default_value_t = PORT)]
    port: u16,
    #[command(flatten)]
    data: DataArguments,
}

#[derive(Subcommand)]
enum DlqCommand {
    /// How many letters each queue holds
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// What the letters of a queue say
    Show {
        /// The queue's logical id, as `list` names it
        queue: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Send letters back to where they came from
    Redrive {
        /// The queue's logical id, as `list` names it
        queue: String,
        /// The id of the one letter that is meant
        #[arg(long)]
        message: Option<String>,
        #[command(flatten)]
        whose: Whose,
    },
}

impl Dlq {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let (command, whose) = match self.command {
            DlqCommand::List { whose } => (dead_letters::Command::List, whose),
            DlqCommand::Show { queue, whose } => (dead_letters::Command::Show { queue }, whose),
            DlqCommand::Redrive { queue, message, whose } => {
                (dead_letters::Command::Redrive { queue, message }, whose)
            }
        };
        let Some(stage) = whose.stage else {
            return operate(&operator::Command::DeadLetters(command), whose.port, &whose.data);
        };
        let said = runtime()?.block_on(async { DeadLetters::of_stage(&stage).await?.run(command).await })?;
        console::say(&said);
        Ok(())
    }
}
