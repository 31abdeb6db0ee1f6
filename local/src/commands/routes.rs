//! `agora routes`: the route table.

use std::error::Error;

use clap::Args;

/// Print the route table
#[derive(Args)]
pub(super) struct Routes {
    /// Write it into the README
    #[arg(long)]
    write: bool,
}

impl Routes {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let _ = self.write;
        Ok(())
    }
}
