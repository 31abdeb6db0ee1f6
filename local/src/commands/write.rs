//! `agora write`: files and blocks of files that are generated from the code.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::write::Repository;

use crate::console;

/// Write the generated files: template.yaml's blocks, documents, routes
#[derive(Args)]
pub(super) struct Write {
    /// Write nothing; fail and name the stale files
    #[arg(long)]
    check: bool,
    /// Folder of the repository [default: the one of this binary]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

impl Write {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let repository = Repository::find(self.root)?;
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
            [] => console::say("All files are up to date."),
            files => console::say(&format!("Written: {}", files.join(", "))),
        }
        Ok(())
    }
}
