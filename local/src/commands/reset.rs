//! `agora reset`: removes the local data.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::data::Folder;

use crate::console;

/// Remove the local data: accounts, emails, secrets, everything
#[derive(Args)]
pub(super) struct Reset {
    /// Data folder
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
}

impl Reset {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        if self.data_dir.exists() {
            Folder::open(&self.data_dir)?.reset()?;
            console::say(&format!("Removed {}.", self.data_dir.display()));
        } else {
            console::say(&format!("{} does not exist.", self.data_dir.display()));
        }
        Ok(())
    }
}
