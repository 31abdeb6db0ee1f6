//! The command line of `agora`, one module a command.

mod admin;
mod cloud;
mod dlq;
mod import_users;
mod keys;
mod new_group;
mod operate;
mod reset;
mod seed;
mod serve;
mod stock;
mod write;

use std::{
    error::Error,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand};
use local::{
    platform::Data,
    settings::{SettingError, Settings},
    stack::Template,
};

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
    Stock(stock::Stock),
    Seed(seed::Seed),
    ImportUsers(import_users::ImportUsers),
    Cloud(cloud::Cloud),
    Write(write::Write),
    NewGroup(new_group::NewGroup),
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
            Some(Command::Stock(command)) => command.run(),
            Some(Command::Cloud(command)) => command.run(),
            Some(Command::Write(command)) => command.run(),
            Some(Command::NewGroup(command)) => command.run(),
            Some(Command::Reset(command)) => command.run(),
        }
    }
}

/// A runtime for the platform: SQLite and password hashing block their thread,
/// so there are several.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// What the working folder's `.env` and the command line set.
fn settings(template: &Template, set: &[String]) -> Result<Settings, SettingError> {
    Settings::read(template, Path::new(".env"), set)
}

/// What asks the process to stop: Ctrl-C, or the system. From when it exists,
/// neither ends the process by itself.
struct Stop {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            interrupted: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminated: signal(SignalKind::terminate())?,
        })
    }

    /// Resolves when the process is asked once more.
    async fn asked(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }

    /// Waits until the process is asked to stop and then for `shutdown`; who asks
    /// again does not want to wait.
    async fn then(mut self, shutdown: impl Future<Output = ()>) {
        self.asked().await;
        console::say("Finishing what is under way; Ctrl-C again to leave it for the next start.");
        tokio::select! {
            () = shutdown => {}
            () = self.asked() => {}
        }
    }
}
