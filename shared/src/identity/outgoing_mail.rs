//! Address of a deleted account for its last mail, stored nowhere else and for one
//! day.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::User;
use crate::{
    clock::Timestamp,
    id::UserId,
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::{Email, PersonName},
    vocabulary::{Locale, Open},
};

const LIFETIME: Duration = Duration::from_hours(24);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutgoingMail {
    /// Id of the account.
    pub user_id: UserId,
    /// The address.
    pub to: Email,
    /// The owner's language.
    pub locale: Open<Locale>,
    /// The owner's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Time of removal, sent or not.
    pub remove_at: Timestamp,
}

impl OutgoingMail {
    /// Makes the last mail to the owner of an account.
    pub fn to_owner_of(user: &User, now: Timestamp) -> Self {
        Self {
            user_id: user.id,
            to: user.email.clone(),
            locale: user.preferences.locale.clone(),
            // An unverified address may belong to another person: no name.
            name: user.name.clone().filter(|_| user.email_verified),
            remove_at: now + LIFETIME,
        }
    }
}

impl Entity for OutgoingMail {
    const TYPE: &'static str = "outgoing_mail";

    fn key(&self) -> Key {
        schema::outgoing_mail(self.user_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.remove_at)
    }
}
