//! Organizer of an event.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{
    id::{OrganizationId, UserId},
    text::Invalid,
};

/// Organizer of an event: an account or an organisation, as its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Organizer {
    /// An account.
    User(UserId),
    /// An organisation.
    Organization(OrganizationId),
    /// The text of an organizer of a later release. Only administrators act for it.
    Unknown(String),
}

impl Organizer {
    /// The account, if the organizer is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(*id),
            Self::Organization(_) | Self::Unknown(_) => None,
        }
    }

    /// The organisation, if the organizer is one.
    pub fn organization(&self) -> Option<OrganizationId> {
        match self {
            Self::Organization(id) => Some(*id),
            Self::User(_) | Self::Unknown(_) => None,
        }
    }

    /// Parses the organizer of a request.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.to_owned().into() {
            Self::Unknown(_) => Err(Invalid::new(
                "invalid_organizer",
                "An organizer is the id of an account or of an organisation.",
            )),
            organizer => Ok(organizer),
        }
    }
}

impl From<String> for Organizer {
    fn from(text: String) -> Self {
        let user = text.parse().map(Self::User).ok();
        let organization = || text.parse().map(Self::Organization).ok();
        user.or_else(organization).unwrap_or(Self::Unknown(text))
    }
}

impl From<Organizer> for String {
    fn from(organizer: Organizer) -> Self {
        organizer.to_string()
    }
}

impl fmt::Display for Organizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl PartialSchema for Organizer {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Organizer: id of an account or of an organisation."))
            .pattern(Some("^(user|org)_[0-7][0-9a-hjkmnp-tv-z]{25}$"))
            .examples(["org_01h455vb4pex5vsknk084sn02q"])
            .into()
    }
}

impl ToSchema for Organizer {
    fn name() -> Cow<'static, str> {
        "Organizer".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organizer_survives_its_text() {
        for text in ["user_01h455vb4pex5vsknk084sn02q", "org_01h455vb4pex5vsknk084sn02q"] {
            let organizer = Organizer::parse(text).expect("an organizer");
            assert_eq!(organizer.to_string(), text);
            assert_eq!(organizer.user().is_some(), text.starts_with("user"));
            assert_eq!(organizer.organization().is_some(), text.starts_with("org"));
            let json = serde_json::to_string(&organizer).expect("a text");
            assert_eq!(serde_json::from_str::<Organizer>(&json).expect("an organizer"), organizer);
        }
    }

    #[test]
    fn an_organizer_of_a_later_release_is_kept_and_not_requested() {
        let organizer: Organizer = serde_json::from_str("\"guild_7\"").expect("a text");
        assert_eq!((organizer.user(), organizer.organization()), (None, None));
        assert_eq!(serde_json::to_string(&organizer).expect("a text"), "\"guild_7\"");
        assert!(Organizer::parse("guild_7").is_err() && Organizer::parse("").is_err());
    }
}
