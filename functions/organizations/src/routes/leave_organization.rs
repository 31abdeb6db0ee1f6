//! `POST /api/v1/organizations/{organization_id}/leave`

use axum::extract::State;
use shared::{
    http::{IfMatch, NoContent, Path, Stale, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    identity::Caller,
    table::{Attempt, optimistic},
    vocabulary::OrganizationRole,
};

use crate::{
    access::{Actor, known},
    problems::LAST_OWNER,
    state::Organizations,
    store::Writer,
};

shared::problems! {
    /// Errors of leaving an organisation.
    pub enum LeaveOrganizationError {
        NotFound => NOT_FOUND,
        LastOwner => LAST_OWNER,
        Stale(Stale),
    }
}

/// Leave an organisation
///
/// Ends the caller's membership. The last owner cannot leave. Idempotent: returns 204 if
/// the caller is not a member.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/leave",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = [])),
    responses(NoContent, LeaveOrganizationError),
)]
pub async fn leave_organization(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<NoContent, LeaveOrganizationError> {
    leave(&organizations, id, caller.user_id, &if_match).await
}

/// Ends the membership of the caller `user`, also in a blocked or closed organisation.
pub(super) async fn leave(
    organizations: &Organizations,
    id: OrganizationId,
    user: UserId,
    if_match: &IfMatch,
) -> Result<NoContent, LeaveOrganizationError> {
    optimistic(|| async move {
        let members = organizations.store.get_members(id, &[user]).await?;
        let members = members.ok_or(LeaveOrganizationError::NotFound)?;
        let Some(member) = members.get(user) else { return Ok(Attempt::Done(NoContent)) };
        if_match.check(member.version)?;
        let role = known(member.entity.card.role.known())?;
        if role == OrganizationRole::Owner && members.counters.owners <= 1 {
            return Err(LeaveOrganizationError::LastOwner);
        }
        let now = organizations.context.clock.now();
        let writer = Writer { user, actor: Actor::Member(role), now };
        Ok(Attempt::of(organizations.store.remove_member(member, writer).await)?.map(|()| NoContent))
    })
    .await
}
