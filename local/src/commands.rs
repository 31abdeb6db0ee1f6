//! The command line of `agora`, one module a command.

mod admin;
mod backup;
mod cloud;
mod dlq;
mod doctor;
mod events;
mod import_users;
mod keys;
mod new_group;
mod operate;
mod reset;
mod schema;
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
    logs::Logs,
    platform::Data,
    settings::{SettingError, Settings},
    stack::Template,
};

use crate::console;

/// Run Agora on one machine: the gateway, every function, and the cloud of
/// template.yaml
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
    Events(events::Events),
    Schema(schema::Schema),
    Doctor(doctor::Doctor),
    Seed(seed::Seed),
    ImportUsers(import_users::ImportUsers),
    Cloud(cloud::Cloud),
    Write(write::Write),
    NewGroup(new_group::NewGroup),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Reset(reset::Reset),
}

/// Location of the data.
#[derive(Args)]
struct DataArguments {
    /// Data folder
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

    /// Log files in the folder; none for data in memory.
    fn logs(&self) -> Option<Logs> {
        (!self.memory).then(|| Logs::of(&self.data_dir))
    }

    /// Name of the location in the start message.
    fn describe(&self) -> String {
        if self.memory { "memory only".to_owned() } else { self.data_dir.display().to_string() }
    }
}

impl Agora {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        match self.command {
            None => self.serve.run(),
            Some(Command::Admin(command)) => command.run(),
            Some(Command::Keys(command)) => command.run(),
            Some(Command::Seed(command)) => command.run(),
            Some(Command::ImportUsers(command)) => command.run(),
            Some(Command::Dlq(command)) => command.run(),
            Some(Command::Stock(command)) => command.run(),
            Some(Command::Events(command)) => command.run(),
            Some(Command::Schema(command)) => command.run(),
            Some(Command::Doctor(command)) => command.run(),
            Some(Command::Cloud(command)) => command.run(),
            Some(Command::Write(command)) => command.run(),
            Some(Command::NewGroup(command)) => command.run(),
            Some(Command::Backup(command)) => command.run(),
            Some(Command::Restore(command)) => command.run(),
            Some(Command::Reset(command)) => command.run(),
        }
    }
}

/// A runtime for the platform, with several threads: SQLite and password hashing block
/// theirs.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Settings of the working folder's `.env` and of the command line.
fn settings(template: &Template, set: &[String]) -> Result<Settings, SettingError> {
    Settings::read(template, Path::new(".env"), set)
}

/// Stop signals: Ctrl-C, or the system's. While this exists, neither ends the process
/// by itself.
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

    /// Resolves at the next stop signal.
    async fn asked(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }

    /// Waits for a stop signal and then for `shutdown`; a second signal ends the wait.
    async fn then(mut self, shutdown: impl Future<Output = ()>) {
        self.asked().await;
        console::say("Finishing running work. Press Ctrl-C again to leave it for the next start.");
        tokio::select! {
            () = shutdown => {}
            () = self.asked() => {}
        }
    }
}
