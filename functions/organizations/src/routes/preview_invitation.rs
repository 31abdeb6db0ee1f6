//! `POST /api/v1/invitations/preview`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    http::{Faults, Field, Json, Reply, problem::NOT_FOUND},
    id::InvitationKind,
    identity::mail_link::Purpose,
    text::{Invalid, PersonName},
};
use utoipa::ToSchema;

use crate::{organization::Organization, state::Organizations, view::OwnInvitation};

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
pub struct PreviewInvitationRequest {
    /// Token from the emailed link.
    #[schema(value_type = String, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
}

/// An invitation, for the holder of its link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationPreview {
    #[serde(flatten)]
    invitation: OwnInvitation,
    /// Display name of the inviting member; `null` if the account has none.
    inviter_name: Option<PersonName>,
    /// Invited address, masked.
    #[schema(examples("b…@example.com"))]
    email: String,
}

shared::problems! {
    /// Errors of previewing an invitation.
    pub enum PreviewInvitationError {
        NotFound => NOT_FOUND,
        Invalid(Faults),
    }
}

/// Preview an invitation
///
/// Returns the organisation, the role and the inviting member. Does not disclose if the
/// address has an account. Returns 404 if the invitation has ended or the organisation is
/// not active.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/preview",
    request_body = PreviewInvitationRequest,
    responses(Reply<InvitationPreview>, PreviewInvitationError),
)]
pub async fn preview_invitation(
    State(organizations): State<Organizations>,
    Json(body, mut faults): Json<PreviewInvitationRequest>,
) -> Result<Reply<InvitationPreview>, PreviewInvitationError> {
    let token = faults.required("/token", body.token, Ok::<String, Invalid>);
    let token = faults.done(token)?;
    let now = organizations.context.clock.now();
    let followed = organizations.keys().await?.link.follow::<InvitationKind>(&token, now);
    let followed = followed.ok_or(PreviewInvitationError::NotFound)?;
    let store = &organizations.store;
    let invitation = store.get_invitation(followed.subject).await?.ok_or(PreviewInvitationError::NotFound)?;
    let invitation = invitation.entity;
    let is_valid =
        invitation.card.is_open(now) && followed.proves(Purpose::AcceptInvitation, &invitation.bound_to());
    let email = invitation.card.masked_email().filter(|_| is_valid);
    let email = email.ok_or(PreviewInvitationError::NotFound)?;
    let found = store.get_organizations(&[invitation.card.organization_id]).await?;
    let organization = found.into_iter().next().flatten().filter(Organization::is_active);
    let organization = organization.ok_or(PreviewInvitationError::NotFound)?;
    let inviter = store.get_profiles([invitation.inviter_id]).await?.remove(&invitation.inviter_id);
    Ok(Reply(InvitationPreview {
        invitation: OwnInvitation::new(invitation.id, &invitation.card, organization),
        inviter_name: inviter.and_then(|inviter| inviter.name),
        email,
    }))
}
