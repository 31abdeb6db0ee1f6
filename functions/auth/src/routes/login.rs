//! `POST /api/v1/auth/login`

use axum::extract::State;
use futures::future::{join, join3};
use serde::Deserialize;
use shared::{
    Failure, Refused,
    http::{Client, Faults, Field, Json, Reply},
    id::UserId,
    identity::{Session, limits::Wait, password::Attempt},
    table::item::Stored,
    text::{Email, Invalid},
    vocabulary::RevocationReason,
};
use utoipa::ToSchema;

use super::revoke_session;
use crate::{
    password_check::{self, Checked, PasswordRefusal, Proof},
    problems::{ACCOUNT_BLOCKED, INVALID_CREDENTIALS},
    sign_in::{SignInReply, new_session},
    state::Auth,
    store::AccountGone,
};

/// Sign-in credentials.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    /// Email address of the account.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Password of the account.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
    /// The `device_token` from an earlier sign-in of the account on this device. With
    /// it, wrong passwords from other devices do not delay this one.
    #[schema(value_type = Option<String>, max_length = 200, examples(json!(null)))]
    device_token: Field<String>,
}

/// Maximum number of sessions of an account.
const MAX_SESSIONS: usize = 100;

shared::problems! {
    /// Errors of signing in.
    pub enum LoginError {
        InvalidCredentials => INVALID_CREDENTIALS,
        Blocked => ACCOUNT_BLOCKED,
        Invalid(Faults),
        TooMany(Wait),
    }
}

impl From<PasswordRefusal> for LoginError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::InvalidCredentials,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
        }
    }
}

/// Sign in
///
/// Creates a session on this device. Wrong passwords delay the next attempt: after 10
/// from one network, or 100 from networks that the account has not signed in from, it
/// must wait 30 seconds, twice as long after each further one, up to 15 minutes; after
/// 30 minutes without a wrong password the delay ends. A device that sends its
/// `device_token` has 10 wrong passwords of its own; a network has 50 in 15 minutes
/// over all accounts. An account has 50 sign-ins an hour and 100 sessions: the next
/// sign-in ends the session that was refreshed least recently.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    request_body = LoginRequest,
    responses(Reply<SignInReply>, LoginError),
)]
pub async fn login(
    State(auth): State<Auth>,
    client: Client,
    Json(body, mut faults): Json<LoginRequest>,
) -> Result<Reply<SignInReply>, LoginError> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let password = faults.required("/password", body.password, |text| Ok(Attempt::new(text)));
    let device_token = faults.optional("/device_token", body.device_token, Ok::<String, Invalid>);
    let (email, password, device_token) = faults.done((email, password, device_token))?;
    let proof = Proof::Device(device_token.as_deref());
    let checked = password_check::check(&auth, &email, &password, proof, client.address).await?;
    let user = &checked.user.entity;
    if !user.is_active() {
        return Err(LoginError::Blocked);
    }
    let sessions = auth.store.list_sessions(user.id, None, MAX_SESSIONS);
    let (taken_back, sessions) = join(checked.counted.take_back(&auth), sessions).await;
    taken_back?;
    let sessions = sessions?;
    let session = new_session(&auth, user, client);
    let (created, remembered, bounded) = join3(
        auth.store.create_session(&session),
        remember(&auth, &checked, password),
        make_room(&auth, user.id, &sessions),
    )
    .await;
    match created {
        Ok(()) => {}
        Err(Refused::By(AccountGone)) => return Err(LoginError::InvalidCredentials),
        Err(Refused::Failed(failure)) => return Err(failure.into()),
    }
    remembered?;
    bounded?;
    Ok(Reply(SignInReply::new(&auth, checked.user, &session, checked.device).await?))
}

/// Ends the least recently refreshed session of an account that has the maximum number.
async fn make_room(auth: &Auth, user: UserId, sessions: &[Session]) -> Result<(), Failure> {
    match sessions.iter().rev().min_by_key(|session| session.used_at) {
        Some(session) if sessions.len() == MAX_SESSIONS => {
            revoke_session::end(auth, user, session.id, RevocationReason::TooManySessions).await
        }
        Some(_) | None => Ok(()),
    }
}

/// Stores what this sign-in has shown: a network of the owner's, and a hash with the
/// current parameters; and the public profile of an account of an earlier release. Most
/// sign-ins show nothing new.
async fn remember(auth: &Auth, checked: &Checked, password: Attempt) -> Result<(), Failure> {
    let mut login = Stored { entity: checked.login.entity.clone(), version: checked.login.version };
    if checked.outdated {
        let hash = auth.config.password_cost.rehash(password, &auth.context.random).await?;
        login.entity.password_hash = Some(hash);
    } else if login.entity.knows(&checked.network) && login.entity.has_profile {
        return Ok(());
    }
    login.entity.remember(checked.network.clone());
    if login.entity.has_profile {
        auth.store.replace_login(&login).await
    } else {
        auth.store.replace_login_with_profile(&checked.user, &login).await
    }
}
