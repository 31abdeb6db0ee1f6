//! Seller of a product, an offer or an order.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{id::OrganizationId, text::Invalid};

/// Seller: the platform or an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Seller {
    /// The platform, also where an item or an event has no seller.
    #[default]
    Platform,
    /// An organisation.
    Organization(OrganizationId),
    /// The text of a seller of a later release. Only administrators act for it.
    Unknown(String),
}

const PLATFORM: &str = "platform";

impl Seller {
    /// True for the platform.
    pub fn is_platform(&self) -> bool {
        *self == Self::Platform
    }

    /// The organisation, if the seller is one.
    pub fn organization(&self) -> Option<OrganizationId> {
        match self {
            Self::Organization(id) => Some(*id),
            Self::Platform | Self::Unknown(_) => None,
        }
    }

    /// Parses the seller of a request.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.to_owned().into() {
            Self::Unknown(_) => {
                Err(Invalid::new("invalid_seller", "A seller is `platform` or the id of an organisation."))
            }
            seller => Ok(seller),
        }
    }
}

/// Reads an optional parameter of a query, which must be a seller of this release.
pub fn parameter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Seller>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| Seller::parse(&text).map_err(D::Error::custom)).transpose()
}

impl From<String> for Seller {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(id) => Self::Organization(id),
            Err(_) if text == PLATFORM => Self::Platform,
            Err(_) => Self::Unknown(text),
        }
    }
}

impl From<Seller> for String {
    fn from(seller: Seller) -> Self {
        seller.to_string()
    }
}

impl fmt::Display for Seller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform => f.write_str(PLATFORM),
            Self::Organization(id) => id.fmt(f),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl PartialSchema for Seller {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Seller: `platform`, or the id of an organisation."))
            .pattern(Some("^(platform|org_[0-7][0-9a-hjkmnp-tv-z]{25})$"))
            .examples([PLATFORM])
            .into()
    }
}

impl ToSchema for Seller {
    fn name() -> Cow<'static, str> {
        "Seller".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCIETY: &str = "org_01h455vb4pex5vsknk084sn02q";

    #[test]
    fn a_seller_survives_its_text() {
        for (text, organization) in [("platform", None), (SOCIETY, SOCIETY.parse().ok())] {
            let seller = Seller::parse(text).expect("a seller");
            assert_eq!((seller.to_string().as_str(), seller.organization()), (text, organization));
            let json = serde_json::to_string(&seller).expect("a text");
            assert_eq!(serde_json::from_str::<Seller>(&json).expect("a seller"), seller);
        }
    }

    #[test]
    fn a_seller_of_a_later_release_is_kept_and_not_requested() {
        let seller: Seller = serde_json::from_str("\"guild_7\"").expect("a text");
        assert_eq!((seller.is_platform(), seller.organization()), (false, None));
        assert_eq!(serde_json::to_string(&seller).expect("a text"), "\"guild_7\"");
        assert!(Seller::parse("guild_7").is_err() && Seller::parse("").is_err());
    }
}
