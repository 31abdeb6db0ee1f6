//! Every type of domain event. A new one is a line in [`domain_events!`], a
//! struct, and a golden JSON file in `events/eventbridge/`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    id::UserId,
    identity::{Role, Status},
};

macro_rules! domain_events {
    ($($(#[$doc:meta])+ $name:ident = $kind:literal, schema $version:literal, about $aggregate:ident;)+) => {
        /// Something that has happened.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        pub enum DomainEvent {
            $($(#[$doc])+ $name($name),)+
        }

        impl DomainEvent {
            /// Every type there is.
            pub const TYPES: &'static [&'static str] = &[$($kind),+];

            /// The event's type, as rules and consumers know it.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $kind,)+
                }
            }

            /// The version of its data's shape. It grows only when a consumer
            /// of the last one could not read the next.
            pub fn schema_version(&self) -> u32 {
                match self {
                    $(Self::$name(_) => $version,)+
                }
            }

            /// The id of what it is about.
            pub fn aggregate_id(&self) -> String {
                match self {
                    $(Self::$name(event) => event.$aggregate.to_string(),)+
                }
            }

            /// The event of type `kind`; `None` where this code knows none.
            pub(super) fn decode(kind: &str, data: &RawValue) -> Option<serde_json::Result<Self>> {
                match kind {
                    $($kind => Some(serde_json::from_str(data.get()).map(Self::$name)),)+
                    _ => None,
                }
            }
        }
    };
}

domain_events! {
    /// A person has an account.
    UserCreated = "user.created", schema 1, about user_id;
    /// Something about an account has changed.
    UserUpdated = "user.updated", schema 1, about user_id;
}

/// See [`DomainEvent::UserCreated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCreated {
    /// Whose account.
    pub user_id: UserId,
    /// What the account may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: Status,
    /// Whether its address is known to be its owner's.
    pub email_verified: bool,
}

/// See [`DomainEvent::UserUpdated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserUpdated {
    /// Whose account.
    pub user_id: UserId,
    /// The names of the fields that have changed.
    pub changed: Vec<String>,
    /// What the account may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: Status,
    /// Whether its address is known to be its owner's.
    pub email_verified: bool,
}
