//! `POST /api/v1/auth/password-reset-confirm`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{Faults, Field, Json, NoContent},
    id::UserKind,
    identity::{
        Login, User, accounts,
        mail_link::{Followed, Purpose},
        password::{Candidate, Password},
    },
    table::{Attempt, item::Stored, optimistic},
    text::Invalid,
};
use utoipa::ToSchema;

use super::confirm_email::confirmed;
use crate::{problems::RESET_TOKEN_INVALID, state::Auth, store::NewCredentials};

/// A new password, and the token from the emailed link that authorises it.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmPasswordResetRequest {
    /// Value of the `token` parameter in the emailed link.
    #[schema(value_type = String, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
    /// New password.
    #[schema(value_type = Password)]
    new_password: Field<String>,
}

shared::problems! {
    /// Errors of confirming a password reset.
    pub enum ConfirmPasswordResetError {
        TokenInvalid => RESET_TOKEN_INVALID,
        Invalid(Faults),
    }
}

/// Reset the password
///
/// Accepts the token of the emailed link once. Signs out all devices and marks the
/// address as confirmed.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password-reset-confirm",
    request_body = ConfirmPasswordResetRequest,
    responses(NoContent, ConfirmPasswordResetError),
)]
pub async fn confirm_password_reset(
    State(auth): State<Auth>,
    Json(body, mut faults): Json<ConfirmPasswordResetRequest>,
) -> Result<NoContent, ConfirmPasswordResetError> {
    let token = faults.required("/token", body.token, Ok::<String, Invalid>);
    let candidate = faults.required("/new_password", body.new_password, Candidate::parse);
    let (token, candidate) = faults.done((token, candidate))?;
    let keys = auth.keys().await?;
    let followed =
        keys.link.follow(&token, auth.context.clock.now()).ok_or(ConfirmPasswordResetError::TokenInvalid)?;

    // The link's owner must be known before the password is checked against personal
    // data.
    let (user, _) = account(&auth, &followed).await?;
    let personal = Password::personal(Some(&user.entity.email), user.entity.name.as_ref());
    let password = candidate.password(&personal, auth.config.password_cost).await?;
    let password = password.map_err(|invalid| Faults::one("/new_password", invalid))?;
    let hash = auth.config.password_cost.hash(password, &auth.context.random).await?;

    let (auth, followed, hash) = (&auth, &followed, &hash);
    let revocation = optimistic(|| async move {
        let (before, login) = account(auth, followed).await?;
        let mut after = confirmed(auth, &before.entity);
        // A pending change of address becomes void, too.
        after.pending_email = None;
        after.generation += 1;
        let revocation = accounts::revoke_older_sessions(&after, None, &auth.context.ids);
        let change = NewCredentials {
            before,
            after,
            address_mac: login.entity.address_mac.clone(),
            login,
            hash: Some(hash.clone()),
            revocation: Some(revocation.clone()),
            keep: None,
        };
        let written = Attempt::of(auth.store.change_credentials(&change).await)?;
        Ok::<_, ConfirmPasswordResetError>(written.map(|()| revocation))
    })
    .await?;
    auth.verifier.note(revocation).await;
    Ok(NoContent)
}

/// Account and login of a valid link.
async fn account(
    auth: &Auth,
    followed: &Followed<'_, UserKind>,
) -> Result<(Stored<User>, Stored<Login>), ConfirmPasswordResetError> {
    let invalid = || ConfirmPasswordResetError::TokenInvalid;
    let user = auth.store.get_user(followed.subject).await?.ok_or_else(invalid)?;
    let mailbox = auth.keys().await?.address.mailbox(&user.entity.email);
    let login = auth.store.get_login(&mailbox).await?;
    // The account's address changed, or the account was deleted, between the two reads.
    let login = login.ok_or_else(|| Failure::unavailable("the account was changed concurrently"))?;
    let generation = login.entity.generation.to_string();
    let good = followed.proves(Purpose::ResetPassword, &generation)
        || followed.proves(Purpose::SetPassword, &generation);
    if good { Ok((user, login)) } else { Err(invalid()) }
}
