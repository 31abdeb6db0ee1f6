//! Accounts from the systems that Agora replaces: a file of CSV with a header, or
//! of a JSON object a line. Each row stands for itself: what is wrong with one
//! keeps no other out.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};
use shared::{
    identity::{Preferences, Profile, accounts::NewAccount, password::is_acceptable_hash},
    text::{Email, Invalid, PersonName},
    vocabulary::{Locale, Role, Status},
};

/// A row as it stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    email: String,
    /// argon2 as a PHC string, or bcrypt. Without one, the person gets a mail to
    /// choose a password with.
    #[serde(default)]
    password_hash: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    status: Option<Status>,
    /// The old system's word for it; without one the address counts as
    /// confirmed, and nobody gets a mail.
    #[serde(default)]
    email_verified: Option<bool>,
}

/// A row's place in its file, and the row, or why it is none.
pub type Numbered = (usize, Result<Row, String>);

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// Its name says nothing of what is in it.
    #[error("{0} is neither .csv nor .jsonl")]
    UnknownFormat(String),
}

/// Every row of a file.
pub fn read(path: &Path) -> Result<Vec<Numbered>, FileError> {
    let name = path.display().to_string();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let parse = match extension {
        "csv" => csv_rows,
        "jsonl" | "ndjson" => json_rows,
        _ => return Err(FileError::UnknownFormat(name)),
    };
    let text = fs::read_to_string(path).map_err(|error| FileError::Unreadable(name, error))?;
    Ok(parse(&text))
}

fn csv_rows(text: &str) -> Vec<Numbered> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut records = reader.deserialize();
    loop {
        let line = usize::try_from(records.reader().position().line()).unwrap_or_default();
        let Some(row) = records.next() else { return rows };
        // The first row's position is its header's.
        let line = if rows.is_empty() { line.max(2) } else { line };
        rows.push((line, row.map_err(|error| csv_fault(&error))));
    }
}

/// Not csv's own words, which repeat values.
fn csv_fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => match err.kind() {
            csv::DeserializeErrorKind::Message(message) => fault(message),
            _ => "a column has a value that is not of its kind".to_owned(),
        },
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns, and the header {expected_len}")
        }
        _ => "is not CSV".to_owned(),
    }
}

fn json_rows(text: &str) -> Vec<Numbered> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let row = serde_json::from_str(line).map_err(|error| {
                if error.is_data() { fault(&error.to_string()) } else { "is not JSON".to_owned() }
            });
            (index + 1, row)
        })
        .collect()
}

/// What serde says of a field's name is worth telling; what it says of a value
/// would repeat it.
fn fault(message: &str) -> String {
    let names_a_field = message.starts_with("unknown field") || message.starts_with("missing field");
    if names_a_field {
        // The place is the row's already.
        message.split(" at line ").next().unwrap_or(message).to_owned()
    } else {
        "a field has a value that is not of its kind".to_owned()
    }
}

impl Row {
    /// The account, if the row is right.
    pub(crate) fn account(self) -> Result<NewAccount, Invalid> {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        let password_hash = some(self.password_hash);
        if password_hash.as_deref().is_some_and(|hash| !is_acceptable_hash(hash)) {
            let detail = "The hash is neither argon2 nor bcrypt, or costs more than is bearable.";
            return Err(Invalid::new("invalid_password_hash", detail));
        }
        Ok(NewAccount {
            email: Email::parse(&self.email)?,
            email_verified: self.email_verified.unwrap_or(true),
            name: some(self.name).as_deref().map(PersonName::parse).transpose()?,
            role: self.role.unwrap_or(Role::User),
            status: self.status.unwrap_or(Status::Active),
            profile: Profile::default(),
            preferences: Preferences {
                locale: some(self.locale)
                    .as_deref()
                    .map(Locale::parse)
                    .transpose()?
                    .unwrap_or_default()
                    .into(),
                ..Preferences::default()
            },
            networks: Vec::new(),
            password_hash,
        })
    }
}
