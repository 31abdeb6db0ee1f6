//! `agora import-users`: the accounts of another system.

use std::{error::Error, path::PathBuf};

use clap::Args;
use local::{
    import,
    operator::{Command, Outcome, Tally},
};

use super::operate::Here;
use crate::console::{self, Progress};

/// Number of rows in one command: the progress bar advances with each.
const STEP: usize = 50;

/// Import accounts with argon2 or bcrypt hashes from CSV (with a header) or JSON lines:
/// email, `password_hash`, name, locale, role, status, `email_verified`. Addresses that
/// have an account are skipped
#[derive(Args)]
pub(super) struct ImportUsers {
    /// A .csv, .jsonl or .ndjson file
    file: PathBuf,
    #[command(flatten)]
    here: Here,
}

impl ImportUsers {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let mut rows = Vec::new();
        let mut tally = Tally::default();
        for (line, row) in import::read(&self.file)? {
            match row {
                Ok(row) => rows.push((line, row)),
                Err(reason) => tally.refused.push((line, reason)),
            }
        }
        let progress = Progress::of(rows.len());
        let mut tally = self.here.run(async |platform| {
            for rows in rows.chunks(STEP) {
                let command = Command::ImportUsers { rows: rows.to_vec() };
                if let Outcome::Accounts(more) = platform.operate(&command).await? {
                    tally = tally.and(more);
                }
                progress.add(rows.len());
            }
            Ok(tally)
        })?;
        progress.end();
        tally.refused.sort();
        for (line, reason) in &tally.refused {
            console::say(&format!("{}:{line}: {reason}", self.file.display()));
        }
        let refused = tally.refused.len();
        console::say(&format!("{}, {refused} refused.", Outcome::Accounts(tally)));
        if refused == 0 { Ok(()) } else { Err(format!("{refused} rows are wrong").into()) }
    }
}
