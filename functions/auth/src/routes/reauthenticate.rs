//! `POST /api/v1/auth/reauthenticate`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{Client, Faults, Field, Json, Reply, problem::INVALID_TOKEN},
    identity::{Caller, limits::Wait, password::Attempt},
};
use utoipa::ToSchema;

use crate::{
    password_check::{self, PasswordRefusal, Proof},
    problems::WRONG_PASSWORD,
    sign_in::SignInReply,
    state::Auth,
};

/// Password for step-up authentication.
#[derive(Deserialize, ToSchema)]
pub struct ReauthenticateRequest {
    /// Password of the account.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
}

shared::problems! {
    /// Errors of step-up authentication.
    pub enum ReauthenticateError {
        WrongPassword => WRONG_PASSWORD,
        SessionEnded => INVALID_TOKEN,
        Invalid(Faults),
        TooMany(Wait),
    }
}

impl From<PasswordRefusal> for ReauthenticateError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::WrongPassword,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
        }
    }
}

/// Re-authenticate with a password
///
/// Returns new tokens of the same session with a recent authentication. These actions
/// require one within the last five minutes, and otherwise return 401
/// `insufficient_user_authentication`: deleting an account; changing the email address,
/// role or status of an account; creating an administrator; transferring or deleting an
/// organisation; appointing an owner; granting the role `owner` to a member or by an
/// invitation. An account has 50 of them an hour, together with changes of the password.
#[utoipa::path(
    post,
    path = "/api/v1/auth/reauthenticate",
    security(("bearer" = [])),
    request_body = ReauthenticateRequest,
    responses(Reply<SignInReply>, ReauthenticateError),
)]
pub async fn reauthenticate(
    State(auth): State<Auth>,
    caller: Caller,
    client: Client,
    Json(body, mut faults): Json<ReauthenticateRequest>,
) -> Result<Reply<SignInReply>, ReauthenticateError> {
    let password = faults.required("/password", body.password, |text| Ok(Attempt::new(text)));
    let password = faults.done(password)?;
    let user = auth.store.get_user(caller.user_id).await?.ok_or(ReauthenticateError::SessionEnded)?;
    let proof = Proof::Session(caller.session_id);
    let email = &user.entity.email;
    let checked = password_check::check(&auth, email, &password, proof, client.address).await?;
    checked.counted.take_back(&auth).await?;
    let now = auth.context.clock.now();
    let session = auth
        .store
        .authenticate_session(caller.user_id, caller.session_id, now)
        .await?
        .ok_or(ReauthenticateError::SessionEnded)?;
    Ok(Reply(SignInReply::new(&auth, checked.user, &session, None).await?))
}
