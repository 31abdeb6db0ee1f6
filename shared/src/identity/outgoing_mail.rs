//! Recipient of a last mail to an address that no account has any more: the address of a
//! deleted account, or the former address of an account. No other item has the address.
//! This one is removed once the mail is sent, after a day at most.

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
    /// First version of the account with another address; none for a deleted account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_version: Option<u64>,
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
    /// Recipient of the last mail to a deleted account.
    pub fn to_owner_of(user: &User, now: Timestamp) -> Self {
        Self::new(user, None, now)
    }

    /// Recipient of the mail to the former address of an account.
    pub fn to_former_address(user: &User, since_version: u64, now: Timestamp) -> Self {
        Self::new(user, Some(since_version), now)
    }

    fn new(user: &User, since_version: Option<u64>, now: Timestamp) -> Self {
        Self {
            user_id: user.id,
            since_version,
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
        match self.since_version {
            None => schema::outgoing_mail(self.user_id),
            Some(version) => schema::former_address(self.user_id, version),
        }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.remove_at)
    }
}
