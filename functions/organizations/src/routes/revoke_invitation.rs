//! `DELETE /api/v1/organizations/{organization_id}/invitations/{invitation_id}`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, NoContent, Path, Stale, problem::NOT_FOUND},
    id::{InvitationId, OrganizationId},
    identity::Caller,
    table::{Attempt, optimistic},
    vocabulary::InvitationStatus,
};

use super::invite::read;
use crate::{
    access::{Actor, access_problems, must_be_active},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Organizations,
    store::Writer,
};

shared::problems! {
    /// Errors of revoking an invitation.
    pub enum RevokeInvitationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

access_problems!(RevokeInvitationError);

/// Revoke an invitation
///
/// Ends the invitation; its link becomes void at once. For owners and admins. Idempotent:
/// returns 204 if the invitation has ended or does not exist.
#[utoipa::path(
    delete,
    path = "/api/v1/organizations/{organization_id}/invitations/{invitation_id}",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("invitation_id" = InvitationId, Path, description = "The invitation's id."),
    ),
    security(("bearer" = [])),
    responses(NoContent, RevokeInvitationError),
)]
pub async fn revoke_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, invitation)): Path<(OrganizationId, InvitationId)>,
    if_match: IfMatch,
) -> Result<NoContent, RevokeInvitationError> {
    let (organizations, caller, if_match) = (&organizations, caller.user_id, &if_match);
    optimistic(|| async move {
        let (found, own) = read(organizations, id, caller).await?;
        must_be_active(&found.counters)?;
        let before = organizations.store.get_invitation(invitation).await?;
        let Some(before) = before.filter(|before| before.entity.card.organization_id == id) else {
            return Ok(Attempt::Done(NoContent));
        };
        if_match.check(before.version)?;
        if before.entity.card.status != InvitationStatus::Pending {
            return Ok(Attempt::Done(NoContent));
        }
        let writer =
            Writer { user: caller, actor: Actor::Member(own), now: organizations.context.clock.now() };
        match organizations.store.revoke_invitation(&before, writer).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
