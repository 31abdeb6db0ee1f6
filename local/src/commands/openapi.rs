//! `agora openapi`: the OpenAPI document, made from the code.

use std::error::Error;

use clap::Args;

/// Print the OpenAPI document
#[derive(Args)]
pub(super) struct OpenApi {
    /// Write it where the web function serves it from
    #[arg(long)]
    write: bool,
}

impl OpenApi {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let _ = self.write;
        Ok(())
    }
}
