//! The token reply: a session's access token and its newest refresh token.
//!
//! A refresh token is `(user, session, counter)` and a MAC over it, nothing
//! else: a forged one is refused before the table is asked, and the user is
//! read beside the session. The table keeps no token, only the counter.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use shared::{
    Failure,
    identity::{
        Session, User, UserView,
        tokens::{ACCESS_LIFETIME, Subject},
    },
    secrets::{MacKey, Secret},
    table::item::Stored,
};
use utoipa::ToSchema;

use crate::state::Auth;

/// The key that refresh tokens are authenticated with.
#[derive(Debug)]
pub(crate) struct RefreshKey(MacKey);

impl RefreshKey {
    /// Where the key is kept.
    pub(crate) const SECRET: Secret = Secret::mac_key("refresh-token-key");

    pub(crate) fn from_secret(value: &str) -> Result<Self, Failure> {
        MacKey::from_secret(value).map(Self)
    }

    /// The refresh token of the session as it is now: key id, user, session,
    /// counter, MAC.
    fn token(&self, session: &Session) -> String {
        let mut bytes = Vec::with_capacity(72);
        bytes.extend(self.0.id());
        bytes.extend(session.user_id.to_bytes());
        bytes.extend(session.id.to_bytes());
        bytes.extend(session.counter.to_be_bytes());
        let code = self.0.sign("refresh token", &bytes);
        bytes.extend(code);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// What a sign-in gives.
#[derive(Serialize, ToSchema)]
pub struct TokenReply {
    /// For `Authorization: Bearer`.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…"))]
    access_token: String,
    /// For `POST /api/v1/auth/refresh`, once.
    refresh_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token is valid, seconds.
    #[schema(examples(600))]
    expires_in: u64,
    /// Whose tokens they are.
    user: UserView,
}

impl TokenReply {
    /// The tokens of a session as it is now.
    pub(crate) async fn new(auth: &Auth, user: Stored<User>, session: &Session) -> Result<Self, Failure> {
        let keys = auth.keys().await?;
        let subject = Subject {
            user_id: user.entity.id,
            session_id: session.id,
            role: user.entity.role,
            generation: user.entity.generation,
            authenticated_at: session.authenticated_at,
        };
        let context = &auth.context;
        let issuer = &auth.config.token_issuer;
        Ok(Self {
            access_token: keys.signing.sign(issuer, subject, context.ids.next(), context.clock.now())?,
            refresh_token: keys.refresh.token(session),
            token_type: "Bearer",
            expires_in: ACCESS_LIFETIME.as_secs(),
            user: user.into(),
        })
    }
}
