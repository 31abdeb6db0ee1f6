//! Words that a later release may have.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Vocabulary;

/// A word as it was read: one that this release knows, or the text of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open<V> {
    /// A value of this release.
    Known(V),
    /// The text of a value of another release.
    Unknown(String),
}

impl<V: Vocabulary> Open<V> {
    /// The value, if this release knows it.
    pub fn known(&self) -> Option<V> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }

    /// The text, known or not.
    pub fn word(&self) -> &str {
        match self {
            Self::Known(value) => value.word(),
            Self::Unknown(word) => word,
        }
    }
}

impl<V> From<V> for Open<V> {
    fn from(value: V) -> Self {
        Self::Known(value)
    }
}

impl<V: Vocabulary + Default> Default for Open<V> {
    fn default() -> Self {
        Self::Known(V::default())
    }
}

impl<V: Vocabulary> PartialEq<V> for Open<V> {
    fn eq(&self, value: &V) -> bool {
        self.known() == Some(*value)
    }
}

impl<V: Vocabulary> fmt::Display for Open<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl<V: Vocabulary> Serialize for Open<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de, V: Vocabulary> Deserialize<'de> for Open<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Ok(V::of(&word).map_or_else(|| Self::Unknown(word.into_owned()), Self::Known))
    }
}

#[cfg(test)]
mod tests {
    use super::Open;
    use crate::vocabulary::Role;

    #[test]
    fn a_known_word_is_its_value() {
        let open: Open<Role> = serde_json::from_str("\"ADMIN\"").expect("a word");
        assert_eq!(open, Role::Admin);
        assert_eq!(serde_json::to_string(&open).expect("a word"), "\"ADMIN\"");
    }

    #[test]
    fn an_unknown_word_is_kept_and_written_back() {
        let open: Open<Role> = serde_json::from_str("\"MODERATOR\"").expect("a word");
        assert_eq!((open.known(), open.to_string().as_str()), (None, "MODERATOR"));
        assert_ne!(open, Role::Admin);
        assert_eq!(serde_json::to_string(&open).expect("a word"), "\"MODERATOR\"");
    }

    #[test]
    fn values_other_than_words_are_refused() {
        assert!(serde_json::from_str::<Open<Role>>("7").is_err());
        assert!(serde_json::from_str::<Role>("\"MODERATOR\"").is_err(), "a request takes known words only");
    }
}
