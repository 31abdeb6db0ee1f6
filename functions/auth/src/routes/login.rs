//! `POST /api/v1/auth/login`

use std::time::Duration;

use axum::extract::State;
use futures::future::join3;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    http::{Client, Faults, Field, Json, Reply},
    id::UserId,
    identity::{
        Session,
        limits::{Limit, Wait},
        password::Attempt,
    },
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

/// Who wants in.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    /// The address of the account.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Its password.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
    /// The `device_token` of an earlier sign-in of the account on this device. With it,
    /// wrong passwords that others have tried do not make this device wait.
    #[schema(value_type = Option<String>, max_length = 200, examples(json!(null)))]
    device_token: Field<String>,
}

/// Sign-ins of an account.
const SIGN_INS: Limit = Limit { count: 50, window: Duration::from_hours(1) };

/// Sessions of an account.
const MAX_SESSIONS: usize = 100;

shared::problems! {
    /// Why nobody is let in.
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

/// Log in
///
/// Signs an account in on this device. After ten wrong passwords from one network, or a
/// hundred from networks that the account has not logged in from, the next must wait:
/// 30 seconds, then twice as long after each, up to 15 minutes; half an hour without one
/// ends it. A device with its `device_token` has ten wrong passwords of its own. A
/// network has 50 in 15 minutes, whatever the account. An account has 50 sign-ins an
/// hour, and 100 sessions: the next sign-in ends the one that was not refreshed for longest.
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
    let now = auth.context.clock.now();
    let (taken_back, counted, sessions) = join3(
        checked.counted.take_back(&auth),
        auth.limits.take(&format!("sign_ins.{}", user.id), SIGN_INS, now, Vec::new()),
        auth.store.list_sessions(user.id, None, MAX_SESSIONS),
    )
    .await;
    taken_back?;
    counted?;
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

/// Ends the least recently refreshed session of an account that has as many as it may
/// have.
async fn make_room(auth: &Auth, user: UserId, sessions: &[Session]) -> Result<(), Failure> {
    match sessions.iter().rev().min_by_key(|session| session.used_at) {
        Some(session) if sessions.len() == MAX_SESSIONS => {
            revoke_session::end(auth, user, session.id, RevocationReason::TooManySessions).await
        }
        Some(_) | None => Ok(()),
    }
}

/// Keeps what this login has taught: a network of its owner's, and a hash at the
/// present cost. Mostly that is nothing new.
async fn remember(auth: &Auth, checked: &Checked, password: Attempt) -> Result<(), Failure> {
    let mut login = Stored { entity: checked.login.entity.clone(), version: checked.login.version };
    if checked.outdated {
        let hash = auth.hash_cost().rehash(password, &auth.context.random).await?;
        login.entity.password_hash = Some(hash);
    } else if login.entity.knows(&checked.network) {
        return Ok(());
    }
    login.entity.remember(checked.network.clone());
    auth.store.replace_login(&login).await
}
