//! `POST /api/v1/auth/password-reset-request`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    bus::{DomainEvent, events::UserPasswordResetRequested},
    http::{Accepted, Client, Faults, Field, Json},
    identity::limits::Wait,
    text::Email,
};
use utoipa::ToSchema;

use crate::{
    mail_requests::{self, MailPurpose},
    state::Auth,
};

/// Recipient of the email.
#[derive(Deserialize, ToSchema)]
pub struct RequestPasswordResetRequest {
    /// Email address of the account.
    #[schema(value_type = Email)]
    email: Field<String>,
}

shared::problems! {
    /// Errors of requesting a password reset.
    pub enum RequestPasswordResetError {
        Invalid(Faults),
        TooMany(Wait),
    }
}

/// Request a password reset
///
/// Sends a link to choose a new password, if an account has the address. The reply and
/// the work are the same otherwise. The link works once, for 15 minutes. Limits: 3 such
/// emails an hour for an address from one site (an IPv4 address, an IPv6 /48), and 50
/// emails an hour from a site in all.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password-reset-request",
    request_body = RequestPasswordResetRequest,
    responses(Accepted, RequestPasswordResetError),
)]
pub async fn request_password_reset(
    State(auth): State<Auth>,
    client: Client,
    Json(body, mut faults): Json<RequestPasswordResetRequest>,
) -> Result<Accepted, RequestPasswordResetError> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let email = faults.done(email)?;
    let event = |request_id, address_mac| {
        DomainEvent::UserPasswordResetRequested(UserPasswordResetRequested { request_id, address_mac })
    };
    mail_requests::request(&auth, &email, client.address, MailPurpose::PasswordReset, Some(event)).await?;
    Ok(Accepted::default())
}
