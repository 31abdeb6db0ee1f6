//! `agora backup` and `agora restore`: the local data in one file.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::backup;

use crate::console;

/// Copy the local data into one file, also while the platform runs
#[derive(Args)]
pub(super) struct Backup {
    /// File to create; it holds secrets and addresses
    file: PathBuf,
    /// Data folder
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
}

/// Create a data folder from a backup
#[derive(Args)]
pub(super) struct Restore {
    /// File of `agora backup`
    file: PathBuf,
    /// Data folder to create
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
}

impl Backup {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        backup::backup(&self.data_dir, &self.file)?;
        console::say(&format!("Copied {} into {}.", self.data_dir.display(), self.file.display()));
        Ok(())
    }
}

impl Restore {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        backup::restore(&self.file, &self.data_dir)?;
        console::say(&format!("Created {} from {}.", self.data_dir.display(), self.file.display()));
        Ok(())
    }
}
