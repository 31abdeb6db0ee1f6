//! `agora new-group`: the files and rows of a new group.

use std::{error::Error, path::PathBuf, process::Command};

use clap::Args;
use local::{new_group, write::Repository};

use crate::console;

/// Create a group: a crate with a health route, a consumer, tests, and its rows
#[derive(Args)]
pub(super) struct NewGroup {
    /// Name: one lower-case word
    name: String,
    /// Description: a phrase for its crate, its documents and docs/stack.md
    #[arg(default_value = "A new group")]
    about: String,
    /// Folder of the repository [default: the one of this binary]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

impl NewGroup {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let root = Repository::find(self.root)?.folder().to_path_buf();
        let (files, changed) = new_group::create(&root, &self.name, &self.about)?;
        console::say(&format!("Created {}\nChanged {}", files.join(", "), changed.join(", ")));
        // This binary does not contain the group, so the rest is written by one that
        // does.
        let written =
            Command::new("cargo").args(["run", "--quiet", "--", "write"]).current_dir(&root).status()?;
        if !written.success() {
            return Err("`cargo run -- write` failed".into());
        }
        console::say(&format!("Next: cargo test -p tests --test all {}", self.name));
        Ok(())
    }
}
