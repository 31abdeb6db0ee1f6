//! The closed sets of words that items, events, tokens and replies use for roles and
//! statuses. A leaf without dependencies on other modules, so that keys, events and
//! accounts can all use it.
//!
//! A later release may store or publish a word that this one does not know. The type
//! of a word that is read from an item or an event is therefore [`Open`]: an unknown
//! word is kept as text and written back unchanged, lists show it, and code that has
//! to decide by it refuses ([`Open::known`]). Request types and tokens have the bare
//! enum and refuse unknown words; in the documents an open word is its enum
//! (`#[schema(value_type = Role)]`).
//!
//! `tests/contracts/vocabulary.rs` lists every word; a new one needs its row there.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

/// A set of words, each the text of one value; made by [`vocabulary!`](crate::vocabulary).
pub trait Vocabulary: Copy + PartialEq + fmt::Debug + DeserializeOwned + 'static {
    /// Every value of this release.
    const ALL: &'static [Self];

    /// The word of the value.
    fn word(self) -> &'static str;

    /// The value of a word.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word() == word)
    }
}

/// Declares an enum whose values are stored, published or shown as words.
///
/// ```
/// use shared::vocabulary::{Open, Vocabulary as _};
///
/// shared::vocabulary! {
///     /// State of a lamp.
///     pub enum LampState {
///         /// Lit.
///         On = "on",
///         /// Not lit.
///         Off = "off",
///     }
/// }
///
/// assert_eq!(LampState::On.to_string(), "on");
/// let stored: Open<LampState> = serde_json::from_str("\"dimmed\"").unwrap();
/// assert_eq!((stored.known(), stored.word()), (None, "dimmed"));
/// ```
#[macro_export]
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        $(#[derive($derived:ident)])?
        $vis:vis enum $name:ident $(named $component:literal)? {
            $($(#[$value_meta:meta])* $value:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        $(#[derive($derived)])?
        $vis enum $name {
            $($(#[$value_meta])* #[serde(rename = $word)] $value,)+
        }

        impl $name {
            /// Every value of this release.
            $vis const ALL: &'static [Self] = &[$(Self::$value),+];
        }

        impl $crate::vocabulary::Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }

        // The derive does not see words that a macro passes on.
        impl $crate::expansion::utoipa::PartialSchema for $name {
            fn schema() -> $crate::expansion::utoipa::openapi::RefOr<$crate::expansion::utoipa::openapi::Schema> {
                $crate::expansion::utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type($crate::expansion::utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc, "\n"),+).trim_ascii().replace("\n ", "\n")))
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }

        impl $crate::expansion::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                $crate::vocabulary!(@component $name $($component)?).into()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::vocabulary::Vocabulary::word(*self))
            }
        }
    };
    (@component $name:ident) => { stringify!($name) };
    (@component $name:ident $component:literal) => { $component };
}

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

vocabulary! {
    /// Role of an account.
    pub enum Role {
        /// May act on their own resources.
        User = "USER",
        /// All permissions.
        Admin = "ADMIN",
    }
}

vocabulary! {
    /// Status of an account.
    pub enum Status named "UserStatus" {
        /// May sign in.
        Active = "active",
        /// Closed by an administrator.
        Blocked = "blocked",
    }
}

vocabulary! {
    /// Language of emails and pages.
    #[derive(Default)]
    pub enum Locale {
        /// English.
        #[default]
        En = "en",
        /// Russian.
        Ru = "ru",
    }
}

vocabulary! {
    /// Reason why a session was revoked.
    pub enum RevocationReason {
        /// Its owner signed the device out.
        LoggedOut = "logged_out",
        /// A refresh token was used that had been replaced long before.
        TokenReused = "token_reused",
        /// The account had as many sessions as it may have, and a device signed in.
        TooManySessions = "too_many_sessions",
    }
}

vocabulary! {
    /// Status of a product.
    pub enum ProductStatus {
        /// Visible to members of the selling organisation and to administrators only.
        Draft = "draft",
        /// For sale.
        Active = "active",
        /// No longer for sale: found by id, but not in public lists.
        Archived = "archived",
    }
}

vocabulary! {
    /// Availability of a variant, or of the most available variant of a product.
    pub enum Availability {
        /// More than the low-stock threshold can be ordered.
        InStock = "in_stock",
        /// At least one, and no more than the low-stock threshold.
        Low = "low",
        /// Nothing can be ordered.
        OutOfStock = "out_of_stock",
    }
}

/// Maximum available quantity that counts as low stock, unless the template sets
/// another.
pub const LOW_STOCK: u64 = 5;

impl Availability {
    /// Availability of a stock; `low` and fewer are low stock.
    pub fn of(available: u64, low: u64) -> Self {
        match available {
            0 => Self::OutOfStock,
            few if few <= low => Self::Low,
            _ => Self::InStock,
        }
    }
}

vocabulary! {
    /// Status of a category.
    pub enum CategoryStatus {
        /// Visible to everyone.
        Active = "active",
        /// Visible to administrators only.
        Hidden = "hidden",
    }
}

vocabulary! {
    /// Status of an order.
    pub enum OrderStatus {
        /// Stock is reserved until `reserved_until`.
        Reserved = "reserved",
        /// Paid; stock is sold.
        Confirmed = "confirmed",
        /// Shipped.
        Fulfilled = "fulfilled",
        /// Finished.
        Completed = "completed",
        /// Not confirmed in time; stock is released.
        Expired = "expired",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Payment is refunded.
        Refunded = "refunded",
    }
}

vocabulary! {
    /// Status of an order's payment.
    pub enum PaymentStatus {
        /// Not paid.
        Unpaid = "unpaid",
        /// Paid.
        Paid = "paid",
        /// Refunded.
        Refunded = "refunded",
    }
}

vocabulary! {
    /// Role of a member in an organisation, the highest first.
    pub enum OrganizationRole {
        /// All permissions in the organisation.
        Owner = "owner",
        /// Manages the profile and the members.
        Admin = "admin",
        /// Manages what the organisation offers.
        Editor = "editor",
        /// Reads and fulfils.
        Staff = "staff",
        /// Reads.
        Viewer = "viewer",
    }
}

impl OrganizationRole {
    /// Position in the order of the roles; 0 is the highest.
    pub fn rank(self) -> usize {
        Self::ALL.iter().position(|role| *role == self).unwrap_or(Self::ALL.len())
    }
}

impl Open<OrganizationRole> {
    /// Position in the order of the roles, one digit; a role of a later release is the
    /// last.
    pub fn rank(&self) -> usize {
        self.known().map_or(9, OrganizationRole::rank)
    }
}

vocabulary! {
    /// Status of an organisation.
    pub enum OrganizationStatus {
        /// May act.
        Active = "active",
        /// Blocked by an administrator of the platform.
        Blocked = "blocked",
        /// Without an owner. Nobody can act for it any more.
        Closed = "closed",
    }
}

vocabulary! {
    /// Status of an invitation.
    pub enum InvitationStatus {
        /// Can be accepted until it expires.
        Pending = "pending",
        /// Accepted.
        Accepted = "accepted",
        /// Declined by the invited person.
        Declined = "declined",
        /// Revoked by the organisation.
        Revoked = "revoked",
    }
}

vocabulary! {
    /// Status of an event.
    pub enum EventStatus {
        /// Not published yet; visible to the organizer only.
        Draft = "draft",
        /// Takes place as announced.
        Published = "published",
        /// Takes place at another time than first announced.
        Rescheduled = "rescheduled",
        /// Does not take place at the announced time; a new one is not known yet.
        Postponed = "postponed",
        /// Does not take place.
        Cancelled = "cancelled",
        /// Over.
        Completed = "completed",
    }
}

vocabulary! {
    /// Visibility of a published event.
    #[derive(Default)]
    pub enum EventVisibility {
        /// Found by searches.
        #[default]
        Listed = "listed",
        /// Visible to whoever has the link.
        Unlisted = "unlisted",
        /// Visible to the organizer.
        Private = "private",
    }
}

vocabulary! {
    /// Mode of attendance of an event.
    #[derive(Default)]
    pub enum EventMode {
        /// At a place.
        #[default]
        Offline = "offline",
        /// Online.
        Online = "online",
        /// At a place and online.
        Mixed = "mixed",
    }
}

vocabulary! {
    /// Kind of the actor of a change in an organisation, or of an event.
    pub enum ActorKind {
        /// The person whom the change concerns.
        Person = "person",
        /// Another member of the organisation.
        Member = "member",
        /// An administrator of the platform.
        Administrator = "administrator",
        /// The system, as a reaction to an event.
        System = "system",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_is_no_word_is_refused() {
        assert!(serde_json::from_str::<Open<Role>>("7").is_err());
        assert!(serde_json::from_str::<Role>("\"MODERATOR\"").is_err(), "a request takes known words only");
    }
}
