//! Refresh tokens: `(user, session, counter)` and a MAC over it, nothing else. A forged
//! one is refused before the table is read, and the user is read at the same time as
//! the session. The table keeps no token, only the counter.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::{
    Failure,
    id::{SessionId, UserId},
    identity::Session,
    secrets::{MacKey, Secret},
};

/// Key id, user, session, counter, MAC.
const LENGTH: usize = 4 + 16 + 16 + 4 + 32;

/// The key that refresh tokens are authenticated with.
#[derive(Debug)]
pub(crate) struct RefreshKey(MacKey);

/// Content of a refresh token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefreshToken {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    /// Number of the session's refreshes when the token was issued.
    pub(crate) counter: u32,
}

impl RefreshKey {
    /// Location of the key.
    pub(crate) const SECRET: Secret = Secret::mac_key("refresh-token-key");

    pub(crate) fn from_secret(value: &str) -> Result<Self, Failure> {
        MacKey::from_secret(value, "refresh token").map(Self)
    }

    /// Refresh token of the session in its current state.
    pub(crate) fn token(&self, session: &Session) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(self.0.id());
        bytes.extend(session.user_id.to_bytes());
        bytes.extend(session.id.to_bytes());
        bytes.extend(session.counter.to_be_bytes());
        let code = self.0.sign(&bytes);
        bytes.extend(code);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Content of a token that this platform has issued.
    pub(crate) fn read(&self, token: &str) -> Option<RefreshToken> {
        let bytes: [u8; LENGTH] = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (message, code) = bytes.split_at(LENGTH - 32);
        let (key_id, rest) = message.split_first_chunk::<4>()?;
        let (user, rest) = rest.split_first_chunk::<16>()?;
        let (session, counter) = rest.split_first_chunk::<16>()?;
        self.0.verify(*key_id, message, code).then_some(RefreshToken {
            user_id: UserId::from_bytes(*user),
            session_id: SessionId::from_bytes(*session),
            counter: u32::from_be_bytes(counter.try_into().ok()?),
        })
    }
}
