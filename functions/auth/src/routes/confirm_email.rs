//! `POST /api/v1/auth/email-verification-confirm`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Faults, Field, Json, NoContent},
    identity::{
        User,
        accounts::EMAIL_TAKEN,
        mail_link::{Followed, Purpose},
    },
    table::{Attempt, item::Stored, optimistic},
    text::{Email, Invalid},
    vocabulary::Role,
};
use utoipa::ToSchema;

use crate::{problems::VERIFICATION_TOKEN_INVALID, state::Auth, store::ChangeRefusal};

/// The token of a mailed link.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmEmailRequest {
    /// What stands behind `token=` in the link.
    #[schema(value_type = String, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
}

shared::problems! {
    /// Why an address is not confirmed.
    pub enum ConfirmEmailError {
        TokenInvalid => VERIFICATION_TOKEN_INVALID,
        EmailTaken => EMAIL_TAKEN,
        Invalid(Faults),
    }
}

/// Confirm an e-mail address
///
/// Takes the token of the mailed link: of the address that the account has, or of
/// the one that it is to have, which it has from then on. The link works for 24
/// hours and for the address that it was sent to; following it twice does no
/// harm.
#[utoipa::path(
    post,
    path = "/api/v1/auth/email-verification-confirm",
    request_body = ConfirmEmailRequest,
    responses(NoContent, ConfirmEmailError),
)]
pub async fn confirm_email(
    State(auth): State<Auth>,
    Json(body, mut faults): Json<ConfirmEmailRequest>,
) -> Result<NoContent, ConfirmEmailError> {
    let token = faults.required("/token", body.token, Ok::<String, Invalid>);
    let token = faults.done(token)?;
    let keys = auth.keys().await?;
    let followed =
        keys.link.follow(&token, auth.context.clock.now()).ok_or(ConfirmEmailError::TokenInvalid)?;
    let (auth, followed) = (&auth, &followed);
    optimistic(|| async move {
        let user = auth.store.get_user(followed.user).await?.ok_or(ConfirmEmailError::TokenInvalid)?;
        match &user.entity.pending_email {
            Some(pending) if followed.proves(Purpose::ChangeEmail, pending.as_str()) => {
                change(auth, &user, pending.clone()).await
            }
            _ => confirm(auth, followed, &user).await,
        }
    })
    .await
}

/// Done, unless somebody else has written the account meanwhile.
type Confirmed = Result<Attempt<NoContent>, ConfirmEmailError>;

/// Confirms the address that the account has.
async fn confirm(auth: &Auth, followed: &Followed<'_>, user: &Stored<User>) -> Confirmed {
    let address = user.entity.email.as_str();
    // The link to the address that it was to have has been followed before.
    let changed = followed.proves(Purpose::ChangeEmail, address);
    if !changed && !followed.proves(Purpose::ConfirmEmail, address) {
        return Err(ConfirmEmailError::TokenInvalid);
    }
    if user.entity.email_verified {
        return Ok(Attempt::Done(NoContent));
    }
    let written = auth.store.confirm_email(user, &confirmed(auth, &user.entity)).await?;
    Ok(written.map(|()| NoContent))
}

/// Gives the account the address that it is to have.
async fn change(auth: &Auth, user: &Stored<User>, email: Email) -> Confirmed {
    let keys = auth.keys().await?;
    let (old, new) = (keys.address.mailbox(&user.entity.email), keys.address.mailbox(&email));
    // None where the account got its new address, or was deleted, just now.
    let Some(login) = auth.store.get_login(&old).await? else { return Ok(Attempt::Retry) };
    let mut after = user.entity.clone();
    after.email = email;
    after.pending_email = None;
    let after = confirmed(auth, &after);
    match auth.store.change_email(user, &after, &login, new).await {
        Ok(()) => Ok(Attempt::Done(NoContent)),
        Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
        Err(Refused::By(ChangeRefusal::EmailTaken)) => Err(ConfirmEmailError::EmailTaken),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// An account whose owner has just followed a link that was mailed to its
/// address. The configured administrator is one from then on: before, whoever
/// registers the address first would be.
pub(super) fn confirmed(auth: &Auth, user: &User) -> User {
    let mut after = user.clone();
    after.email_verified = true;
    after.updated_at = auth.context.clock.now();
    if auth.config.administrator_email.0.as_ref() == Some(&after.email) {
        after.role = Role::Admin.into();
    }
    after
}
