//! `agora monitoring`: the alarms and the dashboard, made from the template.

use std::{error::Error, fs};

use clap::Args;
use local::{
    monitoring,
    platform::parameters,
    stack::{Stack, Template},
};

use crate::console;

/// Print the alarms and the dashboard
#[derive(Args)]
pub(super) struct Monitoring {
    /// Write them into the template, between the lines that mark their place
    #[arg(long)]
    write: bool,
}

impl Monitoring {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let path = Template::path();
        let stack = Stack::read(&path, &parameters("https://agora.example"))?;
        if self.write {
            let fault = |error| format!("cannot read or write {}: {error}", path.display());
            let template = fs::read_to_string(&path).map_err(fault)?;
            let template = monitoring::with_resources(&template, &stack)
                .ok_or("template.yaml has no place for the alarms\nhint: add the lines `# monitoring:begin…` and `# monitoring:end`")?;
            fs::write(&path, template).map_err(fault)?;
            console::say(&format!("{} is up to date.", path.display()));
        } else {
            console::say(monitoring::resources(&stack).trim_end());
        }
        Ok(())
    }
}
