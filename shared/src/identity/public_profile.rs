//! Part of an account that groups other than identity's may read: members of an
//! organisation are shown with their names, and an invitation is compared with the
//! address. Written with the account, in one transaction.

use serde::{Deserialize, Serialize};

use super::User;
use crate::{
    id::UserId,
    table::{
        Condition, Expression,
        item::Entity,
        schema::{self, Key},
    },
    text::PersonName,
};

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicProfile {
    /// Id of the account.
    pub user_id: UserId,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// True if the address is verified.
    pub email_verified: bool,
    /// MAC of the address: the address itself is in the account alone.
    pub address_mac: String,
}

impl PublicProfile {
    /// The public profile of an account.
    pub fn of(user: &User, address_mac: &str) -> Self {
        Self {
            user_id: user.id,
            name: user.name.clone(),
            email_verified: user.email_verified,
            address_mac: address_mac.to_owned(),
        }
    }

    /// True if a change of an account changes its public profile.
    pub fn changes(before: &User, after: &User) -> bool {
        (&before.name, before.email_verified, &before.email)
            != (&after.name, after.email_verified, &after.email)
    }

    /// The condition that the account exists.
    pub fn exists() -> Condition {
        Condition::When(Expression::new("attribute_exists(#pk)"))
    }

    /// The condition that the account has the address of `address_mac`.
    pub fn has_address(address_mac: &str) -> Condition {
        Condition::When(Expression::new("#address_mac = :mac").text(":mac", address_mac))
    }

    /// The condition that the address of the account is verified.
    pub fn is_verified() -> Condition {
        Condition::When(Expression::new("#email_verified = :true").boolean(":true", true))
    }
}

impl Entity for PublicProfile {
    const TYPE: &'static str = "public_profile";

    fn key(&self) -> Key {
        schema::public_profile(self.user_id)
    }
}
