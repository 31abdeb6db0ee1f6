//! `POST /api/v1/auth/email-verification-confirm`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    bus::{DomainEvent, events::UserUpdated},
    http::{Faults, Field, Json, NoContent},
    identity::mail_link::Purpose,
};
use utoipa::ToSchema;

use crate::state::Auth;

/// How often a write is tried over somebody else's.
const ATTEMPTS: usize = 3;

/// The token of a mailed link.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmEmailRequest {
    /// What stands behind `token=` in the link.
    #[schema(examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
}

shared::problems! {
    /// Why an address is not confirmed.
    pub enum ConfirmEmailError {
        /// This link has ended, or was not made for this address.
        TokenInvalid => 400 verification_token_invalid,
        /// One or more fields are not valid.
        Invalid(Faults) => 422 invalid_fields,
    }
}

/// Confirm an e-mail address
///
/// Takes the token of the mailed link. The link works for 24 hours and for the
/// address that it was sent to; following it twice does no harm.
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
    let token = faults.required("/token", body.token, Ok);
    let Some(token) = token.filter(|_| faults.is_empty()) else {
        return Err(ConfirmEmailError::Invalid(faults));
    };
    let now = auth.context.clock.now();
    let followed = auth.keys().await?.link.follow(&token, now).ok_or(ConfirmEmailError::TokenInvalid)?;
    for _ in 0..ATTEMPTS {
        let user = auth.store.get_user(followed.user).await?;
        let mut user = user
            .filter(|user| followed.proves(Purpose::ConfirmEmail, user.entity.email.as_str()))
            .ok_or(ConfirmEmailError::TokenInvalid)?;
        if user.entity.email_verified {
            return Ok(NoContent);
        }
        user.entity.email_verified = true;
        user.entity.updated_at = now;
        let updated = DomainEvent::UserUpdated(UserUpdated {
            user_id: user.entity.id,
            changed: vec!["email_verified".to_owned()],
            role: user.entity.role,
            status: user.entity.status,
            email_verified: true,
        });
        if auth.store.replace_user(&user, updated).await? {
            return Ok(NoContent);
        }
    }
    Err(Failure::unavailable("others keep writing this account").into())
}
