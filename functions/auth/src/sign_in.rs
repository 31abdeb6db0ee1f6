//! Result of a sign-in: a session, and the token reply.

use serde::Serialize;
use shared::{
    Failure,
    http::Client,
    id::DeviceId,
    identity::{
        Session, User, UserView,
        tokens::{ACCESS_LIFETIME, Subject},
    },
    table::item::Stored,
};
use utoipa::ToSchema;

use crate::state::Auth;

/// A new session.
pub(crate) fn new_session(auth: &Auth, user: &User, client: Client) -> Session {
    let now = auth.context.clock.now();
    let id = auth.context.ids.next();
    Session {
        id,
        user_id: user.id,
        counter: 1,
        grace_used: false,
        generation: user.generation,
        user_agent: client.user_agent,
        address: client.address,
        authenticated_at: now,
        used_at: now,
        ends_at: Session::end(id, now),
    }
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct TokenReply {
    /// Access token, for `Authorization: Bearer`.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…"))]
    access_token: String,
    /// Single-use refresh token, for `POST /api/v1/auth/refresh`.
    #[schema(examples(
        "nLc9iwGQpdrMlnR7vM6zAgmgV4cBkKXazJZ0e7zOswIJoFeHAAAAAbx5sXC5jI2vJH9mYgO0v0SOIyT9cbY2NxEPzR0eQ4bA"
    ))]
    refresh_token: String,
    /// Always `Bearer`.
    #[schema(examples("Bearer"))]
    token_type: &'static str,
    /// Lifetime of the access token, in seconds.
    #[schema(examples(600))]
    expires_in: u64,
}

/// Tokens and account of a sign-in.
#[derive(Serialize, ToSchema)]
pub struct SignInReply {
    #[serde(flatten)]
    tokens: TokenReply,
    /// Proof that the account has signed in on this device, for `device_token` of the
    /// next sign-in. Keep it after a sign-out.
    #[schema(examples("nLc9iwGQpdrMlnR7vM6zAgmgV4cBkKXazJZ0e7zOswIJoFeHAAAAAbx5sXC5jI2vJH9mYg"))]
    device_token: String,
    /// Account of the tokens.
    user: UserView,
}

impl TokenReply {
    /// Tokens of a session in its current state.
    pub(crate) async fn new(auth: &Auth, user: &User, session: &Session) -> Result<Self, Failure> {
        let keys = auth.keys().await?;
        let subject = Subject {
            user_id: user.id,
            session_id: session.id,
            role: user.token_role(),
            generation: session.generation,
            authenticated_at: session.authenticated_at,
        };
        let context = &auth.context;
        let issuer = &auth.config.token_issuer;
        Ok(Self {
            access_token: keys.signing.sign(issuer, subject, context.ids.next(), context.clock.now())?,
            refresh_token: keys.refresh.token(session),
            token_type: "Bearer",
            expires_in: ACCESS_LIFETIME.as_secs(),
        })
    }
}

impl SignInReply {
    /// Tokens of a session in its current state, with their account. `device` is the
    /// known device; without it a new one is named.
    pub(crate) async fn new(
        auth: &Auth,
        user: Stored<User>,
        session: &Session,
        device: Option<DeviceId>,
    ) -> Result<Self, Failure> {
        let tokens = TokenReply::new(auth, &user.entity, session).await?;
        let device = device.unwrap_or_else(|| auth.context.ids.next());
        let keys = auth.keys().await?;
        let device_token = keys.address.device_token(&keys.address.mailbox(&user.entity.email), device);
        Ok(Self { tokens, device_token, user: user.into() })
    }
}
