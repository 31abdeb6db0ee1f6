//! What an address logs in with: one item an address, under an HMAC of it, so
//! that an address has one account or none.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    Failure,
    id::UserId,
    secrets::{MacKey, Secret},
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::Email,
};

/// The key that addresses are hidden with.
#[derive(Debug, Clone)]
pub struct LoginKey(MacKey);

impl LoginKey {
    /// Where the key is kept.
    pub const SECRET: Secret = Secret::mac_key("login-key");

    /// The key of the secret's value.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        MacKey::from_secret(value).map(Self)
    }

    /// What stands for `email` in keys.
    pub fn mac(&self, email: &Email) -> String {
        let code = self.0.sign("login", email.as_str().as_bytes());
        format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(self.0.id()), BASE64_URL_SAFE_NO_PAD.encode(code))
    }
}

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    /// [`LoginKey::mac`] of the address.
    pub address_mac: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The password as a PHC string.
    pub password_hash: String,
    /// Grows with every change of the password: links that were mailed before
    /// are void.
    #[serde(rename = "gen")]
    pub generation: u32,
}

impl Entity for Login {
    const TYPE: &'static str = "login";

    fn key(&self) -> Key {
        schema::login(&self.address_mac)
    }
}
