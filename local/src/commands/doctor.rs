//! `agora doctor`: what is missing for production.

use std::{error::Error, path::Path};

use clap::Args;
use local::doctor::{examine_machine, examine_stage};
use shared::config::Variables;

use super::runtime;
use crate::console;

/// Show what is missing for production, with the command that mends it; fails if
/// something is missing
#[derive(Args)]
pub(super) struct Doctor {
    /// Name of a deployed stage, in the account of the AWS variables; without it, the
    /// parameters and tools of a first deployment are looked at
    #[arg(long)]
    stage: Option<String>,
}

impl Doctor {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let findings = match self.stage {
            Some(stage) => runtime()?.block_on(examine_stage(&stage))?,
            None => examine_machine(Path::new("."), &Variables::of_process()),
        };
        console::say(&findings.to_string());
        if findings.are_missing() { Err("something is missing".into()) } else { Ok(()) }
    }
}
