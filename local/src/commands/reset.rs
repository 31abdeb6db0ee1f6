//! `agora reset`: away with the local data.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::data::Folder;

use crate::console;

/// Remove the local data: accounts, mails, secrets, everything
#[derive(Args)]
pub(super) struct Reset {
    /// The folder that the data is kept in
    #[arg(long, default_value = ".agora", value_name = "FOLDER")]
    data_dir: PathBuf,
}

impl Reset {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        if self.data_dir.exists() {
            Folder::open(&self.data_dir)?.reset()?;
            console::say(&format!("{} is gone.", self.data_dir.display()));
        } else {
            console::say(&format!("There is no {}.", self.data_dir.display()));
        }
        Ok(())
    }
}
