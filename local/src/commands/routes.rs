//! `agora routes`: the route table, made from the code.

use std::{error::Error, fs};

use clap::Args;
use local::documents;

use crate::console;

/// Print the table of all routes
#[derive(Args)]
pub(super) struct Routes {
    /// Write it into the README, between the lines that mark its place
    #[arg(long)]
    write: bool,
}

impl Routes {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        if self.write {
            let path = documents::readme_path();
            let fault = |error| format!("cannot read or write {}: {error}", path.display());
            let readme = fs::read_to_string(&path).map_err(fault)?;
            let readme = documents::with_route_table(&readme)
                .ok_or("README.md has no place for the table\nhint: add the lines <!-- routes:begin --> and <!-- routes:end -->")?;
            fs::write(&path, readme).map_err(fault)?;
            console::say(&format!("{} is up to date.", path.display()));
        } else {
            console::say(documents::route_table().trim_end());
        }
        Ok(())
    }
}
