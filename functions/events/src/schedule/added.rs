//! Dates beside the rule.

use serde::{Deserialize, Serialize};

use super::{key::Key, local::Local};

/// A date beside the rule, stored as its local start, and with its key where that is not
/// the first of the start's date: the key of an added date never follows the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Added {
    /// Local start.
    pub start: Local,
    /// Key.
    pub key: Key,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    First(Local),
    Keyed { start: Local, key: Key },
}

impl From<Stored> for Added {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::First(start) => Self { start, key: Key::on(start.date()) },
            Stored::Keyed { start, key } => Self { start, key },
        }
    }
}

impl From<Added> for Stored {
    fn from(added: Added) -> Self {
        let Added { start, key } = added;
        if key == Key::on(start.date()) { Self::First(start) } else { Self::Keyed { start, key } }
    }
}
