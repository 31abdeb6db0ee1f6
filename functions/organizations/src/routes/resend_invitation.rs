//! `POST /api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend`

use axum::extract::State;
use shared::{
    Failure,
    http::{Accepted, IfMatch, Path},
    id::{InvitationId, OrganizationId},
    identity::Caller,
    table::optimistic,
    vocabulary::InvitationStatus,
};

use super::invite::{InviteError, invite, read, role_of};
use crate::state::Organizations;

/// Resend an invitation
///
/// Renews a pending invitation, which may have expired, with the same role, and sends
/// another link; the earlier one becomes void. Counts as an invitation of the day. For
/// owners and admins.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("invitation_id" = InvitationId, Path, description = "The invitation's id."),
    ),
    security(("bearer" = [])),
    responses(Accepted, InviteError),
)]
pub async fn resend_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, invitation)): Path<(OrganizationId, InvitationId)>,
    if_match: IfMatch,
) -> Result<Accepted, InviteError> {
    let (organizations, caller, if_match) = (&organizations, caller.user_id, &if_match);
    optimistic(|| async move {
        let (found, own) = read(organizations, id, caller).await?;
        let before = organizations.store.get_invitation(invitation).await?;
        let before = before.filter(|before| before.entity.card.organization_id == id);
        let before = before.ok_or(InviteError::NotFound)?;
        if_match.check(before.version)?;
        let role = role_of(&before.entity)?;
        let email = match (before.entity.card.status.known(), &before.entity.card.email) {
            (Some(InvitationStatus::Pending), Some(email)) => email.clone(),
            (Some(InvitationStatus::Accepted), _) => return Err(InviteError::Accepted),
            (Some(InvitationStatus::Declined), _) => return Err(InviteError::Declined),
            (Some(InvitationStatus::Revoked), _) => return Err(InviteError::Revoked),
            (Some(InvitationStatus::Pending) | None, _) => {
                return Err(Failure::internal("a pending invitation has no address").into());
            }
        };
        invite(organizations, caller, (&found, own), Some(&before), (&email, role), None).await
    })
    .await?;
    Ok(Accepted::default())
}
