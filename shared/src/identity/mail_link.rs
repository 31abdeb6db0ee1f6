//! The tokens in mailed links: derived, neither stored nor sent over the bus.
//! `notifications` makes them, `auth` checks them; both hold the key.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    Failure,
    clock::Timestamp,
    id::UserId,
    secrets::{MacKey, Secret},
};

/// What a link is good for. One made for another purpose is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Says that an address is its owner's.
    ConfirmEmail,
}

impl Purpose {
    /// How long such a link works.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::ConfirmEmail => Duration::from_hours(24),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm email",
        }
    }
}

/// The key that links are authenticated with.
#[derive(Debug)]
pub struct LinkKey(MacKey);

impl LinkKey {
    /// Where the key is kept.
    pub const SECRET: Secret = Secret::mac_key("mail-link-key");

    /// The key of the secret's value.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        MacKey::from_secret(value).map(Self)
    }

    /// A link's token: key id, user, end, MAC. `bound_to` is what must still be
    /// so when the link is followed (the address), and is not in the token.
    pub fn token(&self, purpose: Purpose, user: UserId, expires_at: Timestamp, bound_to: &str) -> String {
        let mut bytes = Vec::with_capacity(60);
        bytes.extend(self.0.id());
        bytes.extend(user.to_bytes());
        bytes.extend(expires_at.seconds().to_be_bytes());
        let code = self.0.sign(purpose.name(), &[&bytes, bound_to.as_bytes()].concat());
        bytes.extend(code);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }
}
