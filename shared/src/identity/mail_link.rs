//! The tokens in mailed links: derived, so that they are neither stored nor sent over
//! the bus. `notifications` makes them; `auth` and `organizations` check them. All hold
//! the key.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    Failure,
    clock::Timestamp,
    id::{Id, Identified},
    membership::INVITATION_LIFETIME,
    secrets::{MacKey, Secret},
};

/// Key id, subject, expiry, MAC.
const LENGTH: usize = 4 + 16 + 8 + 32;

/// Purpose of a link. A token for another purpose is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Verifies the address of an account.
    ConfirmEmail,
    /// Verifies the pending address of an account.
    ChangeEmail,
    /// Sets a new password.
    ResetPassword,
    /// Sets the first password of an account that an administrator created.
    SetPassword,
    /// Accepts an invitation to an organisation.
    AcceptInvitation,
}

impl Purpose {
    /// Lifetime of a link.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::ConfirmEmail | Self::ChangeEmail | Self::SetPassword => Duration::from_hours(24),
            Self::ResetPassword => Duration::from_mins(15),
            Self::AcceptInvitation => INVITATION_LIFETIME,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm email",
            Self::ChangeEmail => "change email",
            Self::ResetPassword => "reset password",
            Self::SetPassword => "set password",
            Self::AcceptInvitation => "accept invitation",
        }
    }
}

/// The key that authenticates links.
#[derive(Debug)]
pub struct LinkKey(MacKey);

impl LinkKey {
    /// The secret of the key.
    pub const SECRET: Secret = Secret::mac_key("mail-link-key");

    /// Derives the key from the secret's value.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        MacKey::from_secret(value, "mail link").map(Self)
    }

    /// Makes a link's token: key id, subject (the account, or the invitation), expiry,
    /// MAC. `bound_to` is a value that must be the same when the link is followed (the
    /// address); it is signed, but not in the token.
    pub fn token<K>(
        &self,
        purpose: Purpose,
        subject: Id<K>,
        expires_at: Timestamp,
        bound_to: &str,
    ) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(self.0.id());
        bytes.extend(subject.to_bytes());
        bytes.extend(expires_at.seconds().to_be_bytes());
        let code = self.0.sign(&message(&bytes, purpose, bound_to));
        bytes.extend(code);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Parses a token that has not expired. It proves nothing until
    /// [`Followed::proves`] returns true.
    pub fn follow<K: Identified>(&self, token: &str, now: Timestamp) -> Option<Followed<'_, K>> {
        let bytes: [u8; LENGTH] = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (message, code) = bytes.split_at(LENGTH - 32);
        let (key_id, rest) = message.split_first_chunk::<4>()?;
        let (subject, expires_at) = rest.split_first_chunk::<16>()?;
        let expires_at = i64::from_be_bytes(expires_at.try_into().ok()?);
        (now.seconds() < expires_at).then(|| Followed {
            key: &self.0,
            key_id: *key_id,
            subject: Id::from_bytes(*subject),
            message: message.to_vec(),
            code: code.to_vec(),
        })
    }
}

/// A parsed token whose MAC is not verified yet.
#[derive(Debug)]
pub struct Followed<'a, K: Identified> {
    key: &'a MacKey,
    key_id: [u8; 4],
    /// The account or the invitation that the token names.
    pub subject: Id<K>,
    message: Vec<u8>,
    code: Vec<u8>,
}

impl<K: Identified> Followed<'_, K> {
    /// True if the MAC is valid for this purpose and `bound_to`.
    pub fn proves(&self, purpose: Purpose, bound_to: &str) -> bool {
        self.key.verify(self.key_id, &message(&self.message, purpose, bound_to), &self.code)
    }
}

/// The signed message. The token's part has a fixed length and a purpose's name has
/// no colon, so no two links have the same message.
fn message(token: &[u8], purpose: Purpose, bound_to: &str) -> Vec<u8> {
    [token, purpose.name().as_bytes(), b":", bound_to.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Clock,
        id::{Ids, UserId, UserKind},
        random::Random,
    };

    #[test]
    fn a_link_proves_its_purpose_and_what_it_is_bound_to_until_it_ends() {
        let secret = (LinkKey::SECRET.generate)(&Random::system()).expect("generates");
        let key = LinkKey::from_secret(&secret).expect("reads");
        let user: UserId = Ids::new(Clock::system(), Random::system()).next();
        let now = Timestamp::from_millis(1_700_000_000_000);
        let token =
            key.token(Purpose::ConfirmEmail, user, now + Purpose::ConfirmEmail.lifetime(), "ada@example.com");

        let followed = key.follow::<UserKind>(&token, now).expect("a token of this key");
        assert_eq!(followed.subject, user);
        assert!(followed.proves(Purpose::ConfirmEmail, "ada@example.com"));
        assert!(!followed.proves(Purpose::ConfirmEmail, "bo@example.com"));
        assert!(!followed.proves(Purpose::ResetPassword, "ada@example.com"));
        assert!(key.follow::<UserKind>(&token, now + Duration::from_hours(24)).is_none());

        let other = (LinkKey::SECRET.generate)(&Random::system()).expect("generates");
        let other = LinkKey::from_secret(&other).expect("reads");
        let followed = other.follow::<UserKind>(&token, now).expect("has the form");
        assert!(!followed.proves(Purpose::ConfirmEmail, "ada@example.com"));
        for garbage in ["", "x", "é", &token[1..], &format!("{token}A")] {
            assert!(key.follow::<UserKind>(garbage, now).is_none(), "{garbage}");
        }
    }

    #[test]
    fn no_byte_of_a_token_may_change() {
        let secret = (LinkKey::SECRET.generate)(&Random::system()).expect("generates");
        let key = LinkKey::from_secret(&secret).expect("reads");
        let user: UserId = Ids::new(Clock::system(), Random::system()).next();
        let now = Timestamp::from_millis(1_700_000_000_000);
        let token = key.token(Purpose::ConfirmEmail, user, now + Duration::from_hours(1), "a@example.com");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).expect("base 64");
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let followed = key.follow::<UserKind>(&BASE64_URL_SAFE_NO_PAD.encode(changed), now);
            assert!(
                !followed.is_some_and(|it| it.proves(Purpose::ConfirmEmail, "a@example.com")),
                "byte {place}"
            );
        }
    }
}
