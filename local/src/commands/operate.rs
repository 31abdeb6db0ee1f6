//! Whom an operator's command is for: the running platform, or, if none runs, the
//! data folder; or a deployed stage.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::{
    client,
    operator::{Command, Operator, Outcome},
    platform::{Data, Options, PORT, Platform},
};

use super::runtime;
use crate::console;

/// A platform on this machine.
#[derive(Args)]
pub(super) struct Here {
    /// The port that the running platform listens on
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// The data folder of a platform that is not running
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
}

/// A platform on this machine, or a deployed stage.
#[derive(Args)]
pub(super) struct Anywhere {
    #[command(flatten)]
    here: Here,
    /// A deployed stage, where the AWS variables say
    #[arg(long, conflicts_with_all = ["port", "data_dir"])]
    stage: Option<String>,
}

/// A platform that takes commands.
pub(super) enum Target {
    /// It runs in another process.
    Running(u16),
    /// It runs in this one, as long as the command.
    Own(Box<Platform>),
    /// It is deployed.
    Deployed(Box<Operator>),
}

impl Here {
    async fn open(&self) -> Result<Target, Box<dyn Error>> {
        if client::listens(self.port).await {
            return Ok(Target::Running(self.port));
        }
        let options = Options { data: Data::Folder(self.data_dir.clone()), ..Options::memory()? };
        Ok(Target::Own(Box::new(Platform::start(options).await?)))
    }

    /// Has `work` done with the platform, and lets what it caused be finished.
    pub(super) fn run<T>(
        &self,
        work: impl AsyncFnOnce(&Target) -> Result<T, Box<dyn Error>>,
    ) -> Result<T, Box<dyn Error>> {
        runtime()?.block_on(async {
            let target = self.open().await?;
            let result = work(&target).await;
            target.close().await;
            result
        })
    }
}

impl Anywhere {
    /// Has one command done, and says what came of it.
    pub(super) fn run(&self, command: &Command) -> Result<(), Box<dyn Error>> {
        let outcome = match &self.stage {
            Some(stage) => runtime()?.block_on(async {
                let target = Target::Deployed(Box::new(Operator::of_stage(stage).await?));
                target.run(command).await
            })?,
            None => self.here.run(async |target| target.run(command).await)?,
        };
        console::say(&outcome.to_string());
        Ok(())
    }
}

impl Target {
    /// Has a command done.
    pub(super) async fn run(&self, command: &Command) -> Result<Outcome, Box<dyn Error>> {
        Ok(match self {
            Self::Running(port) => client::operate(*port, command).await?,
            Self::Own(platform) => platform.operator().run(command.clone()).await?,
            Self::Deployed(operator) => operator.run(command.clone()).await?,
        })
    }

    async fn close(self) {
        match self {
            Self::Own(platform) => platform.shutdown().await,
            Self::Running(_) | Self::Deployed(_) => {}
        }
    }
}
