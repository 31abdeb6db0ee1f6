//! `POST /api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend`

use axum::extract::State;
use shared::{
    Failure,
    http::{Accepted, IfMatch, Path, Problem},
    id::{InvitationId, OrganizationId},
    identity::Caller,
    membership::Invitation,
    table::optimistic,
    text::Email,
    vocabulary::InvitationStatus,
};

use super::invite::{InviteError, invite, read, role_of};
use crate::{access::Grant, state::Organizations};

/// Resend an invitation
///
/// Renews a pending invitation, which may have expired, with the same role, and sends
/// another link; the earlier one becomes void. Counts as an invitation of the day. For
/// owners and admins. The role `owner` requires a recent authentication.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("invitation_id" = InvitationId, Path, description = "The invitation's id."),
    ),
    security(("bearer" = ["recent_authentication"])),
    responses(Accepted, InviteError),
)]
pub async fn resend_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, invitation)): Path<(OrganizationId, InvitationId)>,
    if_match: IfMatch,
) -> Result<Accepted, Problem> {
    let (organizations, caller, if_match) = (&organizations, &caller, &if_match);
    optimistic(|| async move {
        let (found, own) = read(organizations, id, caller.user_id).await?;
        let before = organizations.store.get_invitation(invitation).await?;
        let before = before.filter(|before| before.entity.card.organization_id == id);
        let before = before.ok_or(InviteError::NotFound)?;
        if_match.check(before.version).map_err(InviteError::from)?;
        let email = pending_address(&before.entity)?;
        let grant = Grant::judge(caller, role_of(&before.entity)?, &organizations.verifier).await?;
        let place = (&found, own);
        let invited = invite(organizations, caller.user_id, place, Some(&before), (email, grant), None).await;
        Ok::<_, Problem>(invited?)
    })
    .await?;
    Ok(Accepted::default())
}

/// The address of an invitation, which must be pending.
fn pending_address(invitation: &Invitation) -> Result<&Email, InviteError> {
    match (invitation.card.status.known(), &invitation.card.email) {
        (Some(InvitationStatus::Pending), Some(email)) => Ok(email),
        (Some(InvitationStatus::Accepted), _) => Err(InviteError::Accepted),
        (Some(InvitationStatus::Declined), _) => Err(InviteError::Declined),
        (Some(InvitationStatus::Revoked), _) => Err(InviteError::Revoked),
        (Some(InvitationStatus::Pending) | None, _) => {
            Err(Failure::internal("a pending invitation has no address").into())
        }
    }
}
