//! Where somebody is reached once more at an address that no account has any more: that
//! of a deleted one, or the former one of an account with another. It stands nowhere
//! else, and here until the mail is sent, for a day at most.

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
    /// Version of the account from which on it has another address; none of one that is
    /// deleted.
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
    /// The last mail to the owner of an account that is deleted.
    pub fn to_owner_of(user: &User, now: Timestamp) -> Self {
        Self::new(user, None, now)
    }

    /// The last mail to the address of an account that has another from a version on.
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
