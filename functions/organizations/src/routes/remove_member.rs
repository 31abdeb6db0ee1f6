//! `DELETE /api/v1/organizations/{organization_id}/members/{member_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, NoContent, Path, Stale, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    identity::Caller,
    membership::MemberAction,
    table::{Attempt, optimistic},
    vocabulary::OrganizationRole,
};

use super::leave_organization::{LeaveOrganizationError, leave};
use crate::{
    access::{Actor, access_problems, is_visible, known, must_be_active, permit},
    problems::{LAST_OWNER, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, ROLE_ABOVE_OWN},
    state::Organizations,
    store::Writer,
};

shared::problems! {
    /// Errors of removing a member.
    pub enum RemoveMemberError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        AboveOwn => ROLE_ABOVE_OWN,
        LastOwner => LAST_OWNER,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

access_problems!(RemoveMemberError);

impl From<LeaveOrganizationError> for RemoveMemberError {
    fn from(error: LeaveOrganizationError) -> Self {
        match error {
            LeaveOrganizationError::NotFound => Self::NotFound,
            LeaveOrganizationError::LastOwner => Self::LastOwner,
            LeaveOrganizationError::Stale(stale) => Self::Stale(stale),
            LeaveOrganizationError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Remove a member
///
/// Removes a member below the caller's role; owners can remove anyone, and members can
/// remove themselves. The permissions of the member end before the reply. Idempotent:
/// returns 204 if the account is not a member.
#[utoipa::path(
    delete,
    path = "/api/v1/organizations/{organization_id}/members/{member_id}",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("member_id" = UserId, Path, description = "The id of the member's account."),
    ),
    security(("bearer" = [])),
    responses(NoContent, RemoveMemberError),
)]
pub async fn remove_member(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, user)): Path<(OrganizationId, UserId)>,
    if_match: IfMatch,
) -> Result<NoContent, RemoveMemberError> {
    let (organizations, caller, if_match) = (&organizations, caller.user_id, &if_match);
    if caller == user {
        return Ok(leave(organizations, id, user, if_match).await?);
    }
    optimistic(|| async move {
        let members = organizations.store.get_members(id, &[caller, user]).await?;
        let members = members.ok_or(RemoveMemberError::NotFound)?;
        let own = members.get(caller);
        if !is_visible(&members.counters, own, None) {
            return Err(RemoveMemberError::NotFound);
        }
        let role = permit(&members.counters, own, MemberAction::ManageMembers)?;
        must_be_active(&members.counters)?;
        let Some(member) = members.get(user) else { return Ok(Attempt::Done(NoContent)) };
        if_match.check(member.version)?;
        let removed = known(member.entity.card.role.known())?;
        if !role.outranks(removed) {
            return Err(RemoveMemberError::AboveOwn);
        }
        if removed == OrganizationRole::Owner && members.counters.owners <= 1 {
            return Err(RemoveMemberError::LastOwner);
        }
        let now = organizations.context.clock.now();
        let writer = Writer { user: caller, actor: Actor::Member(role), now };
        Ok(Attempt::of(organizations.store.remove_member(member, writer).await)?.map(|()| NoContent))
    })
    .await
}
