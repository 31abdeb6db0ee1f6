//! Whom an operator's command is for: the running platform, or, if none runs, the
//! data folder; or a deployed stage.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::{
    client::{self, Client},
    data::DataError,
    operator::{Command, Operator},
    platform::{Data, Options, PORT, Platform, PlatformError},
};

use super::{runtime, settings};
use crate::console;

/// The data folder, unless told otherwise.
const FOLDER: &str = ".agora";

/// A platform on this machine.
#[derive(Args)]
pub(super) struct Here {
    /// The port that the running platform listens on; its data folder is wanted too
    /// where it is not .agora [default: 3000]
    #[arg(long)]
    port: Option<u16>,
    /// The platform's data folder, also of one that is not running [default: .agora]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
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

impl Here {
    async fn open(&self) -> Result<Client, Box<dyn Error>> {
        let port = self.port.unwrap_or(PORT);
        let folder = self.data_dir.clone().unwrap_or_else(|| FOLDER.into());
        // Who names a folder alone means its platform, wherever that listens.
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

    /// Has `work` done with the platform, and lets what it caused be finished.
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

impl Anywhere {
    /// Has one command done, and says what came of it.
    pub(super) fn run(&self, command: &Command) -> Result<(), Box<dyn Error>> {
        let outcome = match &self.stage {
            Some(stage) => {
                runtime()?.block_on(async { Operator::of_stage(stage).await?.run(command.clone()).await })?
            }
            None => self.here.run(async |platform| Ok(platform.operate(command).await?))?,
        };
        console::say(&outcome.to_string());
        Ok(())
    }
}
