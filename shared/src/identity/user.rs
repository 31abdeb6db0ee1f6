//! The account itself. Its password is with its [`Login`](super::Login): who
//! reads a user never holds a hash.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    id::UserId,
    table::{
        item::{Entity, Stored},
        schema::{self, Key},
    },
    text::{Email, Locale, PersonName},
};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Its own things.
    User,
    /// Everything.
    Admin,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It may.
    Active,
    /// An administrator has closed it.
    Blocked,
}

/// What a person has chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    /// The language of mails and pages.
    pub locale: Locale,
}

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Where it is reached.
    pub email: Email,
    /// Whether the address is known to be its owner's.
    pub email_verified: bool,
    /// What the person is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// What it may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: Status,
    /// What the person has chosen.
    pub preferences: Preferences,
    /// Grows when every session is to end: older sessions and tokens carry a
    /// smaller one.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Entity for User {
    const TYPE: &'static str = "user";

    fn key(&self) -> Key {
        schema::user(self.id)
    }
}

/// An account as its owner and administrators see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    id: UserId,
    email: Email,
    email_verified: bool,
    name: Option<PersonName>,
    role: Role,
    status: Status,
    preferences: Preferences,
    /// Grows with every change; the `ETag` holds it.
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Stored<User>> for UserView {
    fn from(stored: Stored<User>) -> Self {
        let Stored { entity: user, version } = stored;
        Self {
            id: user.id,
            email: user.email,
            email_verified: user.email_verified,
            name: user.name,
            role: user.role,
            status: user.status,
            preferences: user.preferences,
            version,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}
