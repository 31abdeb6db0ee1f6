//! Target of an operator's command: the running platform, or, if none runs, the data
//! folder; or a deployed stage.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::{
    client::{self, Client},
    data::DataError,
    operator::{Command, Operator, Outcome},
    platform::{Data, Options, PORT, Platform, PlatformError},
};

use super::{runtime, settings};
use crate::console;

/// Default data folder.
const FOLDER: &str = ".agora";

/// A platform on this machine.
#[derive(Args)]
pub(super) struct Here {
    /// Port of the running platform; needs its data folder too unless that is .agora
    /// [default: 3000]
    #[arg(long)]
    port: Option<u16>,
    /// Data folder of the platform, running or not [default: .agora]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

/// A platform on this machine, or a deployed stage.
#[derive(Args)]
pub(super) struct Anywhere {
    #[command(flatten)]
    here: Here,
    /// Name of a deployed stage, in the account of the AWS variables
    #[arg(long, conflicts_with_all = ["port", "data_dir"])]
    stage: Option<String>,
}

impl Here {
    async fn open(&self) -> Result<Client, Box<dyn Error>> {
        let port = self.port.unwrap_or(PORT);
        let folder = self.data_dir.clone().unwrap_or_else(|| FOLDER.into());
        // A data folder alone means its platform, whatever port that listens on.
        if (self.port.is_some() || self.data_dir.is_none()) && client::listens(port).await {
            return Ok(Client::of(port, &folder)?);
        }
        let options = Options::memory()?;
        let settings = settings(&options.template, &[])?;
        let options = Options { data: Data::Folder(folder.clone()), settings, ..options };
        match Platform::start(options).await {
            Ok(platform) => Ok(Client::own(platform)),
            Err(PlatformError::Data(DataError::InUse { port: Some(port), .. })) => {
                Ok(Client::of(port, &folder)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Runs `work` with the platform, and handles all caused work.
    pub(super) fn run<T>(
        &self,
        work: impl AsyncFnOnce(&Client) -> Result<T, Box<dyn Error>>,
    ) -> Result<T, Box<dyn Error>> {
        runtime()?.block_on(async {
            let platform = self.open().await?;
            let result = work(&platform).await;
            platform.close().await;
            result
        })
    }
}

/// An operator's commands, on this machine or on a stage.
pub(super) enum Target<'a> {
    Here(&'a Client),
    Stage(Box<Operator>),
}

impl Target<'_> {
    /// Runs one command.
    pub(super) async fn operate(&self, command: &Command) -> Result<Outcome, Box<dyn Error>> {
        match self {
            Self::Here(platform) => Ok(platform.operate(command).await?),
            Self::Stage(operator) => Ok(operator.run(command.clone()).await?),
        }
    }
}

impl Anywhere {
    /// Runs several commands.
    pub(super) fn with<T>(
        &self,
        work: impl AsyncFnOnce(Target<'_>) -> Result<T, Box<dyn Error>>,
    ) -> Result<T, Box<dyn Error>> {
        match &self.stage {
            Some(stage) => runtime()?
                .block_on(async { work(Target::Stage(Box::new(Operator::of_stage(stage).await?))).await }),
            None => self.here.run(async |platform| work(Target::Here(platform)).await),
        }
    }

    /// Runs one command, and prints its result.
    pub(super) fn run(&self, command: &Command) -> Result<(), Box<dyn Error>> {
        let outcome = self.with(async |target| target.operate(command).await)?;
        console::say(&outcome.to_string());
        Ok(())
    }
}
