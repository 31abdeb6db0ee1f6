//! `POST /api/v1/auth/email-verification-request`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    bus::{DomainEvent, events::UserEmailVerificationRequested},
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
pub struct RequestEmailVerificationRequest {
    /// Email address of the account.
    #[schema(value_type = Email)]
    email: Field<String>,
}

shared::problems! {
    /// Errors of requesting a confirmation email.
    pub enum RequestEmailVerificationError {
        Invalid(Faults),
        TooMany(Wait),
    }
}

/// Request a confirmation email
///
/// Sends a link to confirm the address, if an account has the address and it is not
/// confirmed. The reply and the work are the same otherwise. Limits: 3 such emails an
/// hour for an address from one site (an IPv4 address, an IPv6 /48), and 50 emails an
/// hour from a site in all.
#[utoipa::path(
    post,
    path = "/api/v1/auth/email-verification-request",
    request_body = RequestEmailVerificationRequest,
    responses(Accepted, RequestEmailVerificationError),
)]
pub async fn request_email_verification(
    State(auth): State<Auth>,
    client: Client,
    Json(body, mut faults): Json<RequestEmailVerificationRequest>,
) -> Result<Accepted, RequestEmailVerificationError> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let email = faults.done(email)?;
    let event = |request_id, address_mac| {
        DomainEvent::UserEmailVerificationRequested(UserEmailVerificationRequested {
            request_id,
            address_mac,
        })
    };
    mail_requests::request(&auth, &email, client.address, MailPurpose::Verification, Some(event)).await?;
    Ok(Accepted::default())
}
