//! `POST /api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend`

use axum::extract::State;
use shared::{
    Failure,
    http::{Accepted, IfMatch, Path, Problem, Stale, problem::NOT_FOUND},
    id::{InvitationId, OrganizationId},
    identity::{Caller, limits::Wait},
    membership::Invitation,
    table::optimistic,
    text::Email,
    vocabulary::InvitationStatus,
};

use super::invite::{invite, invite_problems, read, role_of};
use crate::{
    access::Grant,
    problems::{
        INVITATION_ACCEPTED, INVITATION_DECLINED, INVITATION_REVOKED, MEMBER_LIMIT_REACHED, NotPermitted,
        ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, ROLE_ABOVE_OWN,
    },
    state::Organizations,
};

shared::problems! {
    /// Errors of resending an invitation.
    pub enum ResendInvitationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        AboveOwn => ROLE_ABOVE_OWN,
        Full => MEMBER_LIMIT_REACHED,
        Accepted => INVITATION_ACCEPTED,
        Declined => INVITATION_DECLINED,
        Revoked => INVITATION_REVOKED,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        TooMany(Wait),
    }
}

invite_problems!(ResendInvitationError);

/// Resend an invitation
///
/// Renews a pending invitation with the same role, also after it has expired, and sends a
/// new link; the earlier link becomes void. Counts towards the invitations of the day. For
/// owners and admins. The role `owner` requires a recent authentication.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("invitation_id" = InvitationId, Path, description = "The invitation's id."),
    ),
    security(("bearer" = ["recent_authentication"])),
    responses(Accepted, ResendInvitationError),
)]
pub async fn resend_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, invitation)): Path<(OrganizationId, InvitationId)>,
    if_match: IfMatch,
) -> Result<Accepted, Problem> {
    let (organizations, caller, if_match) = (&organizations, &caller, &if_match);
    optimistic(|| async move {
        let found = read(organizations, id, caller.user_id).await;
        let (found, own) = found.map_err(ResendInvitationError::from)?;
        let before = organizations.store.get_invitation(invitation).await?;
        let before = before.filter(|before| before.entity.card.organization_id == id);
        let before = before.ok_or(ResendInvitationError::NotFound)?;
        if_match.check(before.version).map_err(ResendInvitationError::from)?;
        let email = pending_address(&before.entity)?;
        let grant = Grant::judge(caller, role_of(&before.entity)?, &organizations.verifier).await?;
        let place = (&found, own);
        let invited = invite(organizations, caller.user_id, place, Some(&before), (email, grant), None).await;
        Ok::<_, Problem>(invited.map_err(ResendInvitationError::from)?)
    })
    .await?;
    Ok(Accepted::default())
}

/// The address of an invitation, which must be pending.
fn pending_address(invitation: &Invitation) -> Result<&Email, ResendInvitationError> {
    match (invitation.card.status.known(), &invitation.card.email) {
        (Some(InvitationStatus::Pending), Some(email)) => Ok(email),
        (Some(InvitationStatus::Accepted), _) => Err(ResendInvitationError::Accepted),
        (Some(InvitationStatus::Declined), _) => Err(ResendInvitationError::Declined),
        (Some(InvitationStatus::Revoked), _) => Err(ResendInvitationError::Revoked),
        (Some(InvitationStatus::Pending) | None, _) => {
            Err(Failure::internal("a pending invitation has no address").into())
        }
    }
}
