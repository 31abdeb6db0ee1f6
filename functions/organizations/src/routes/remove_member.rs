//! `DELETE /api/v1/organizations/{organization_id}/members/{member_id}`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, NoContent, Path},
    id::{OrganizationId, UserId},
    identity::Caller,
    membership::MemberAction,
    table::{Attempt, optimistic},
    vocabulary::OrganizationRole,
};

use super::change_member::{ChangeMemberError, known, read};
use crate::{
    access::{Actor, is_visible, must_be_active, permit},
    state::Organizations,
    store::Writer,
};

/// Remove a member
///
/// Removes a member below the caller's role; owners remove anyone, and members themselves.
/// From the reply on, the former member can do nothing for the organisation. Idempotent:
/// returns 204 if the account is not a member.
#[utoipa::path(
    delete,
    path = "/api/v1/organizations/{organization_id}/members/{member_id}",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("member_id" = UserId, Path, description = "The id of the member's account."),
    ),
    security(("bearer" = [])),
    responses(NoContent, ChangeMemberError),
)]
pub async fn remove_member(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, user)): Path<(OrganizationId, UserId)>,
    if_match: IfMatch,
) -> Result<NoContent, ChangeMemberError> {
    remove(&organizations, caller.user_id, (id, user), &if_match).await
}

/// Removes the account `user` from the organisation.
pub(super) async fn remove(
    organizations: &Organizations,
    caller: UserId,
    (id, user): (OrganizationId, UserId),
    if_match: &IfMatch,
) -> Result<NoContent, ChangeMemberError> {
    optimistic(|| async move {
        let members = read(organizations, id, &[caller, user]).await?;
        let own = members.get(caller);
        let is_own = caller == user;
        if !is_own && !is_visible(&members.counters, own, None) {
            return Err(ChangeMemberError::NotFound);
        }
        // Members leave a blocked organisation, too.
        let role = if is_own {
            None
        } else {
            let role = permit(&members.counters, own, MemberAction::ManageMembers)?;
            must_be_active(&members.counters)?;
            Some(role)
        };
        let Some(member) = members.get(user) else { return Ok(Attempt::Done(NoContent)) };
        if_match.check(member.version)?;
        let removed = known(member.entity.card.role.known())?;
        if role.is_some_and(|role| !role.outranks(removed)) {
            return Err(ChangeMemberError::AboveOwn);
        }
        if removed == OrganizationRole::Owner && members.counters.owners <= 1 {
            return Err(ChangeMemberError::LastOwner);
        }
        let now = organizations.context.clock.now();
        let writer = Writer { user: caller, actor: Actor::Member(role.unwrap_or(removed)), now };
        match organizations.store.remove_member(member, writer).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
