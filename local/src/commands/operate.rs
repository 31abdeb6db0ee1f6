//! Whom an operator's command is for: the running platform, or, if none runs, the
//! data folder; or a deployed stage.

use std::{error::Error, path::PathBuf};

use aws_config::{BehaviorVersion, Region};
use clap::Args;
use local::{
    client,
    operator::{Command, Operator, Outcome},
    platform::{Data, Options, PORT, Platform},
    stack::REGION,
};
use shared::{clock::Clock, random::Random};

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
    /// A deployed stage, by the credentials of your AWS profile
    #[arg(long, requires = "table", conflicts_with_all = ["port", "data_dir"])]
    stage: Option<String>,
    /// Its table: the stack's output `TableName`
    #[arg(long, requires = "stage")]
    table: Option<String>,
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
        let outcome = match (&self.stage, &self.table) {
            (Some(stage), Some(table)) => runtime()?.block_on(async {
                let target = Target::Deployed(Box::new(deployed(stage, table).await));
                target.run(command).await
            })?,
            _ => self.here.run(async |target| target.run(command).await)?,
        };
        console::say(&outcome.to_string());
        Ok(())
    }
}

async fn deployed(stage: &str, table: &str) -> Operator {
    let region =
        aws_config::meta::region::RegionProviderChain::default_provider().or_else(Region::new(REGION));
    let aws = aws_config::defaults(BehaviorVersion::v2026_01_12()).region(region).load().await;
    Operator::new(aws, stage.to_owned(), table.to_owned(), Clock::system(), Random::system())
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
