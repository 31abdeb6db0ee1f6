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

mod accounts;
mod catalog;
mod events;
mod open;
mod orders;
mod organizations;

use std::fmt;

use serde::de::DeserializeOwned;

pub use self::{
    accounts::{Locale, RevocationReason, Role, Status},
    catalog::{Availability, CategoryStatus, LOW_STOCK, ProductStatus},
    events::{EventMode, EventStatus, EventVisibility},
    open::Open,
    orders::{OrderStatus, PaymentStatus},
    organizations::{ActorKind, InvitationStatus, OrganizationRole, OrganizationStatus},
};

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
