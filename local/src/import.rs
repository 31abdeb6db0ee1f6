//! Import of accounts from the replaced systems: a CSV file with a header, or JSON
//! lines. Each row is independent: a fault in one does not affect the others.

use std::{fs, io, path::Path};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;
use shared::{
    identity::{Preferences, Profile, accounts::NewAccount, password::is_acceptable_hash},
    imports::upload::Csv,
    json::without_mark,
    text::{Email, Invalid, PersonName},
    vocabulary::{Locale, Role, Status, Vocabulary},
};

/// A row of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    email: String,
    /// argon2 as a PHC string, or bcrypt. Without one, the person gets an email to
    /// choose a password.
    #[serde(default)]
    password_hash: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default, deserialize_with = "word")]
    role: Option<Role>,
    #[serde(default, deserialize_with = "word")]
    status: Option<Status>,
    /// The old system's flag; without one the address counts as confirmed, and no email
    /// is sent.
    #[serde(default, deserialize_with = "flag")]
    email_verified: Option<bool>,
}

/// A word of a vocabulary in any case.
fn word<'de, D: Deserializer<'de>, V: Vocabulary>(deserializer: D) -> Result<Option<V>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let found = V::ALL.iter().copied().find(|value| value.word().eq_ignore_ascii_case(text.trim()));
    found.map(Some).ok_or_else(|| D::Error::custom("not a word of these"))
}

/// A flag in the spellings of databases and spreadsheets.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Bool(flag) => return Ok(Some(flag)),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        Value::Array(_) | Value::Object(_) => return Err(D::Error::custom("not a flag")),
    };
    match text.as_str() {
        "" => Ok(None),
        "true" | "t" | "yes" | "y" | "1" | "on" => Ok(Some(true)),
        "false" | "f" | "no" | "n" | "0" | "off" => Ok(Some(false)),
        _ => Err(D::Error::custom("not a flag")),
    }
}

/// The row number, and the row or the reason for its refusal.
pub type Numbered = (usize, Result<Row, String>);

/// Errors of reading a file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// The header is not valid.
    #[error("{0}: {1}")]
    Heading(String, Invalid),
    /// The file name does not reveal the format.
    #[error("{0} is neither .csv nor .jsonl")]
    UnknownFormat(String),
}

/// Reads every row of a file.
pub fn read(path: &Path) -> Result<Vec<Numbered>, FileError> {
    let name = path.display().to_string();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let parse = match extension {
        "csv" => csv_rows,
        "jsonl" | "ndjson" => |bytes: &[u8]| Ok(json_rows(bytes)),
        _ => return Err(FileError::UnknownFormat(name)),
    };
    let bytes = fs::read(path).map_err(|error| FileError::Unreadable(name.clone(), error))?;
    parse(&bytes).map_err(|invalid| FileError::Heading(name, invalid))
}

fn csv_rows(bytes: &[u8]) -> Result<Vec<Numbered>, Invalid> {
    let csv = Csv::open(bytes)?;
    if !csv.names().iter().any(|name| name == "email") {
        return Err(Invalid::new("missing_column", "The heading has no column \"email\"."));
    }
    let mut rows = Vec::new();
    csv.records(|record| {
        let line = usize::try_from(record.line).unwrap_or_default();
        let row = record.cells.map_err(|error| csv_fault(&error)).and_then(|cells| {
            let fields = cells.into_iter().map(|(name, cell)| (name.to_owned(), Value::String(cell)));
            serde_json::from_value(Value::Object(fields.collect())).map_err(|error| fault(&error.to_string()))
        });
        rows.push((line, row));
    });
    Ok(rows)
}

/// Message without csv's own text, which repeats values.
fn csv_fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns, and the header {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => "is not CSV".to_owned(),
    }
}

fn json_rows(bytes: &[u8]) -> Vec<Numbered> {
    let lines = without_mark(bytes).split(|byte| *byte == b'\n').enumerate();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(index, line)| {
            let row = serde_json::from_slice(line).map_err(|error| {
                if error.is_data() { fault(&error.to_string()) } else { "is not JSON".to_owned() }
            });
            (index + 1, row)
        })
        .collect()
}

/// serde's message about a field name is kept; one about a value would repeat the
/// value.
fn fault(message: &str) -> String {
    let names_a_field =
        ["unknown field", "missing field", "duplicate field"].iter().any(|start| message.starts_with(start));
    if names_a_field {
        // The position is the row number already.
        message.split(" at line ").next().unwrap_or(message).to_owned()
    } else {
        "a field has a value that is not of its kind".to_owned()
    }
}

impl Row {
    /// Account of a valid row.
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
