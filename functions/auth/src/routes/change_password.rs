//! `POST /api/v1/auth/password-change`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Client, Faults, Field, Json, NoContent, problem::INVALID_TOKEN},
    identity::{
        Caller, accounts,
        limits::Wait,
        password::{self, Candidate, Password},
    },
    text::Invalid,
};
use utoipa::ToSchema;

use crate::{
    password_check::{self, PasswordRefusal, Proof},
    problems::{ACCOUNT_CHANGED, WRONG_PASSWORD},
    state::Auth,
    store::NewCredentials,
};

/// The current password and the new one.
#[derive(Deserialize, ToSchema)]
pub struct ChangePasswordRequest {
    /// Current password.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    current_password: Field<String>,
    /// New password.
    #[schema(
        value_type = String,
        format = "password",
        min_length = 8,
        max_length = 256,
        examples("incorrect donkey battery staple")
    )]
    new_password: Field<String>,
}

shared::problems! {
    /// Errors of changing a password.
    pub enum ChangePasswordError {
        WrongPassword => WRONG_PASSWORD,
        SessionEnded => INVALID_TOKEN,
        Conflict => ACCOUNT_CHANGED,
        Invalid(Faults),
        TooMany(Wait),
    }
}

impl From<PasswordRefusal> for ChangePasswordError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::WrongPassword,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
        }
    }
}

/// Change the password
///
/// Signs out all other devices of the account and keeps the calling session.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password-change",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(NoContent, ChangePasswordError),
)]
pub async fn change_password(
    State(auth): State<Auth>,
    caller: Caller,
    client: Client,
    Json(body, mut faults): Json<ChangePasswordRequest>,
) -> Result<NoContent, ChangePasswordError> {
    let user = auth.store.get_user(caller.user_id).await?.ok_or(ChangePasswordError::SessionEnded)?;
    let personal = Password::personal(Some(&user.entity.email), user.entity.name.as_ref());
    let current = faults.required("/current_password", body.current_password, |text| {
        Ok::<_, Invalid>(password::Attempt::new(text))
    });
    let new = faults.required("/new_password", body.new_password, Candidate::parse);
    let (current, new) = faults.done((current, new))?;
    let proof = Proof::Session(caller.session_id);
    let email = &user.entity.email;
    let checked = password_check::check(&auth, email, &current, proof, client.address).await?;
    checked.counted.take_back(&auth).await?;
    let new = new.password(&personal, auth.config.password_cost).await?;
    let new = new.map_err(|invalid| Faults::one("/new_password", invalid))?;
    let hash = auth.config.password_cost.hash(new, &auth.context.random).await?;
    let mut after = checked.user.entity.clone();
    after.generation += 1;
    after.updated_at = auth.context.clock.now();
    let keep = Some(caller.session_id);
    let revocation = accounts::revoke_older_sessions(&after, keep, &auth.context.ids);
    let change = NewCredentials {
        before: checked.user,
        after,
        address_mac: checked.login.entity.address_mac.clone(),
        login: checked.login,
        hash: Some(hash),
        revocation: Some(revocation.clone()),
        keep,
    };
    // Not retried: after a conflict the checked password may no longer be the current
    // one.
    match auth.store.change_credentials(&change).await {
        Ok(()) => {}
        Err(Refused::By(_)) => return Err(ChangePasswordError::Conflict),
        Err(Refused::Failed(failure)) => return Err(failure.into()),
    }
    auth.verifier.note(revocation).await;
    Ok(NoContent)
}
