//! `agora write`: the files, and the blocks of files, that follow from the code.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::write::Repository;

use crate::console;

/// Write what follows from the code: template.yaml's blocks, documents, routes
#[derive(Args)]
pub(super) struct Write {
    /// Write nothing; fail and name the files that are stale
    #[arg(long)]
    check: bool,
    /// The repository's folder, instead of the one that this binary was built in
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

impl Write {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let repository = self.root.map_or_else(Repository::built_in, Repository::at);
        if self.check {
            let files = repository.files()?;
            let stale = files.iter().filter(|file| file.is_stale()).map(|file| file.path.as_str());
            let stale: Vec<&str> = stale.collect();
            if !stale.is_empty() {
                return Err(format!("stale: {}\nhint: cargo run -- write", stale.join(", ")).into());
            }
            console::say(&format!("{} files are up to date.", files.len()));
            return Ok(());
        }
        let files: Vec<String> = repository.write()?;
        match files.as_slice() {
            [] => console::say("Everything is up to date."),
            files => console::say(&format!("Written: {}", files.join(", "))),
        }
        Ok(())
    }
}
