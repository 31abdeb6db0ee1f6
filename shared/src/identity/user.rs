//! The account without its password, which is in its [`Login`](super::Login): code
//! that reads a user never holds a hash.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    id::UserId,
    table::{
        item::{Entity, Stored},
        schema::{self, IndexKey, Key},
    },
    text::{
        AddressLine, Biography, CalendarDate, CountryCode, Email, PersonName, PhoneNumber, TimeZoneName,
        WebUrl, searched,
    },
    vocabulary::{Locale, Open, Role, Status},
};

/// Profile of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// URL of a profile picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<WebUrl>,
    /// Biography.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Biography>,
    /// Telephone number, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Date of birth: full-date of RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<CalendarDate>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(examples(json!({
    "street": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
})))]
pub struct PostalAddress {
    /// Street and house number.
    pub street: AddressLine,
    /// Second address line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street2: Option<AddressLine>,
    /// City.
    pub city: AddressLine,
    /// State, province or county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<AddressLine>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<AddressLine>,
    /// Country code (ISO 3166-1 alpha-2).
    pub country: CountryCode,
}

/// Preferences of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    /// Language of emails and pages.
    #[schema(value_type = Locale)]
    pub locale: Open<Locale>,
    /// Time zone for displayed times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZoneName>,
    /// Optional emails.
    #[serde(default)]
    pub notifications: NotificationPreferences,
}

/// Choice of optional emails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationPreferences {
    /// News and offers.
    #[serde(default)]
    pub marketing: bool,
}

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "UserItem", into = "UserItem")]
pub struct User {
    /// User id.
    pub id: UserId,
    /// Email address.
    pub email: Email,
    /// True if the address is verified.
    pub email_verified: bool,
    /// New email address, until it is confirmed.
    pub pending_email: Option<Email>,
    /// Display name.
    pub name: Option<PersonName>,
    /// Role.
    pub role: Open<Role>,
    /// Status.
    pub status: Open<Status>,
    /// Profile.
    pub profile: Profile,
    /// Preferences.
    pub preferences: Preferences,
    /// Incremented to end every session: older sessions and tokens carry a smaller
    /// generation.
    pub generation: u32,
    /// Time of the last change. The id has the time of creation.
    pub updated_at: Timestamp,
}

crate::changes! { User:
    email, email_verified, name, role, status, profile, preferences;
    never id, pending_email, generation, updated_at
}

impl User {
    /// True if the user counts as an administrator who can let others in: at least
    /// one must remain.
    pub fn is_active_administrator(&self) -> bool {
        self.is_administrator() && self.is_active()
    }

    /// True if the role is that of administrators.
    pub fn is_administrator(&self) -> bool {
        self.role == Role::Admin
    }

    /// The role in the user's tokens: the least one if this release does not know the
    /// role.
    pub fn token_role(&self) -> Role {
        self.role.known().unwrap_or(Role::User)
    }

    /// True if the account is active; false for a status that this release does not
    /// know.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }
}

/// Fields of an account in lists.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UserCard {
    /// See [`User::email`].
    pub email: Email,
    /// See [`User::email_verified`].
    #[serde(rename = "verified")]
    pub email_verified: bool,
    /// See [`User::name`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// See [`User::role`].
    pub role: Open<Role>,
    /// See [`User::status`].
    pub status: Open<Status>,
}

/// An account as it is stored: the fields of lists are only in the card, so that the
/// item of a typical account stays within a kilobyte.
#[derive(Clone, Serialize, Deserialize)]
struct UserItem {
    id: UserId,
    card: UserCard,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending_email: Option<Email>,
    #[serde(default, skip_serializing_if = "is_default")]
    profile: Profile,
    #[serde(default, skip_serializing_if = "is_default")]
    preferences: Preferences,
    #[serde(rename = "gen")]
    generation: u32,
    updated_at: Timestamp,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<User> for UserCard {
    fn from(user: User) -> Self {
        let User { email, email_verified, name, role, status, .. } = user;
        Self { email, email_verified, name, role, status }
    }
}

impl From<User> for UserItem {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            card: user.clone().into(),
            pending_email: user.pending_email,
            profile: user.profile,
            preferences: user.preferences,
            generation: user.generation,
            updated_at: user.updated_at,
        }
    }
}

impl From<UserItem> for User {
    fn from(item: UserItem) -> Self {
        Self {
            id: item.id,
            email: item.card.email,
            email_verified: item.card.email_verified,
            name: item.card.name,
            role: item.card.role,
            status: item.card.status,
            pending_email: item.pending_email,
            profile: item.profile,
            preferences: item.preferences,
            generation: item.generation,
            updated_at: item.updated_at,
        }
    }
}

impl Entity for User {
    const TYPE: &'static str = "user";

    fn key(&self) -> Key {
        schema::user(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let by_name = self.name.as_ref().map(|name| schema::users_by_name(&searched(name.as_str()), self.id));
        [
            schema::users_by_role(&self.role, &self.status, self.id),
            schema::users_by_email(self.email.as_str(), self.id),
        ]
        .into_iter()
        .chain(by_name)
        .collect()
    }
}

/// An account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    id: UserId,
    email: Email,
    #[schema(examples(true))]
    email_verified: bool,
    /// New email address, until it is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "email", examples("ada.lovelace@example.com"))]
    pending_email: Option<Email>,
    name: Option<PersonName>,
    #[schema(value_type = Role)]
    role: Open<Role>,
    #[schema(value_type = Status)]
    status: Open<Status>,
    profile: Profile,
    preferences: Preferences,
    /// Version, incremented by each change and held by the `ETag`.
    #[schema(examples(1))]
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
            pending_email: user.pending_email,
            name: user.name,
            role: user.role,
            status: user.status,
            profile: user.profile,
            preferences: user.preferences,
            version,
            created_at: user.id.created_at(),
            updated_at: user.updated_at,
        }
    }
}
