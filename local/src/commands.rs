//! The command line of `agora`, one module a command.

mod admin;
mod cloud;
mod dlq;
mod import_users;
mod keys;
mod monitoring;
mod openapi;
mod operate;
mod reset;
mod routes;
mod seed;
mod serve;

use std::{error::Error, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use local::platform::Data;

use crate::console;

/// Agora on one machine: the gateway, every function, and the cloud they need,
/// as template.yaml describes them.
#[derive(Parser)]
#[command(name = "agora", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Agora {
    #[command(flatten)]
    serve: serve::Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Admin(admin::Admin),
    Keys(keys::Keys),
    Dlq(dlq::Dlq),
    Seed(seed::Seed),
    ImportUsers(import_users::ImportUsers),
    Cloud(cloud::Cloud),
    Openapi(openapi::OpenApi),
    Routes(routes::Routes),
    Monitoring(monitoring::Monitoring),
    Reset(reset::Reset),
}

/// Where the data is kept.
#[derive(Args)]
struct DataArguments {
    /// The folder that the data is kept in
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
    /// Keep the data in memory only
    #[arg(long, conflicts_with = "data_dir")]
    memory: bool,
}

impl DataArguments {
    fn data(&self) -> Data {
        if self.memory { Data::Memory } else { Data::Folder(self.data_dir.clone()) }
    }

    /// How the start message names it.
    fn describe(&self) -> String {
        if self.memory { "memory only".to_owned() } else { self.data_dir.display().to_string() }
    }
}

impl Agora {
    /// Does what the arguments say.
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        match self.command {
            None => self.serve.run(),
            Some(Command::Admin(command)) => command.run(),
            Some(Command::Keys(command)) => command.run(),
            Some(Command::Seed(command)) => command.run(),
            Some(Command::ImportUsers(command)) => command.run(),
            Some(Command::Dlq(command)) => command.run(),
            Some(Command::Cloud(command)) => command.run(),
            Some(Command::Openapi(command)) => command.run(),
            Some(Command::Routes(command)) => command.run(),
            Some(Command::Monitoring(command)) => command.run(),
            Some(Command::Reset(command)) => command.run(),
        }
    }
}

/// A runtime for the platform: SQLite and password hashing block their thread,
/// so there are several.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Waits until the process is asked to stop and then for `shutdown`; who asks
/// again does not want to wait.
async fn run_until_stopped(shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    asked_to_stop().await?;
    console::say("Finishing what is under way; Ctrl-C again to leave it for the next start.");
    tokio::select! {
        () = shutdown => Ok(()),
        again = asked_to_stop() => again,
    }
}

/// Resolves at Ctrl-C, or when the system asks the process to end.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
