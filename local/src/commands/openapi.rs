//! `agora openapi`: the OpenAPI document, made from the code.

use std::{error::Error, fs};

use clap::Args;
use local::documents;

use crate::console;

/// Print the OpenAPI document
#[derive(Args)]
pub(super) struct OpenApi {
    /// Write it to where the web function serves it from
    #[arg(long)]
    write: bool,
}

impl OpenApi {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let document = documents::openapi();
        if self.write {
            let path = documents::openapi_path();
            fs::write(&path, document)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            console::say(&format!("{} is up to date.", path.display()));
        } else {
            console::say(document.trim_end());
        }
        Ok(())
    }
}
