//! `POST /api/v1/auth/reauthenticate`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{Client, Faults, Field, Json, Reply},
    identity::{Caller, limits::Wait, password::Attempt},
};
use utoipa::ToSchema;

use crate::{
    password_check::{self, PasswordRefusal},
    sign_in::SignInReply,
    state::Auth,
};

/// Who shows the password once more.
#[derive(Deserialize, ToSchema)]
pub struct ReauthenticateRequest {
    /// The account's password.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
}

shared::problems! {
    /// Why the caller is not who they say.
    pub enum ReauthenticateError {
        /// The password is wrong.
        WrongPassword => 403 wrong_password,
        /// The access token is not valid.
        SessionEnded => 401 invalid_token,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// There were too many attempts: wait.
        TooMany(Wait) => 429 too_many_attempts,
    }
}

impl From<PasswordRefusal> for ReauthenticateError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::WrongPassword,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
            PasswordRefusal::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Show the password once more
///
/// Gives tokens of the same session that are good for what wants a recent
/// password: deleting the account, another address, roles. Such a request is
/// refused otherwise with 401 `insufficient_user_authentication`.
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
    let checked = password_check::check(&auth, &user.entity.email, &password, client.address).await?;
    let now = auth.context.clock.now();
    let session = auth
        .store
        .authenticate_session(caller.user_id, caller.session_id, now)
        .await?
        .ok_or(ReauthenticateError::SessionEnded)?;
    Ok(Reply(SignInReply::new(&auth, checked.user, &session).await?))
}
