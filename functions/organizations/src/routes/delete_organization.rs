//! `DELETE /api/v1/organizations/{organization_id}`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, NoContent, Path, Stale, problem::NOT_FOUND},
    id::OrganizationId,
    identity::RecentCaller,
    membership::MemberAction,
    table::{Attempt, optimistic},
};

use crate::{
    access::{Actor, access_problems, manages, must_be_active, permit_or_manage},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Organizations,
    store::Writer,
};

shared::problems! {
    /// Errors of deleting an organisation.
    pub enum DeleteOrganizationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

access_problems!(DeleteOrganizationError);

/// Delete an organisation
///
/// Deletes the organisation and ends its memberships and invitations. Its slug cannot be
/// used by others for 90 days. For owners, and administrators of the platform, with a
/// recent authentication; a blocked organisation can be deleted by administrators only.
/// Idempotent: returns 204 if the organisation does not exist.
#[utoipa::path(
    delete,
    path = "/api/v1/organizations/{organization_id}",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["recent_authentication"])),
    responses(NoContent, DeleteOrganizationError),
)]
pub async fn delete_organization(
    State(organizations): State<Organizations>,
    RecentCaller(caller): RecentCaller,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<NoContent, DeleteOrganizationError> {
    let (organizations, caller, if_match) = (&organizations, &caller, &if_match);
    optimistic(|| async move {
        let found = organizations.store.get_organization(id, Some(caller.user_id)).await?;
        let Some(found) = found else { return Ok(Attempt::Done(NoContent)) };
        let (member, action) = (found.member.as_ref(), MemberAction::DeleteOrganization);
        let actor = match permit_or_manage(caller, &found.counters, member, action)? {
            Actor::Member(role) => match must_be_active(&found.counters) {
                Ok(()) => Actor::Member(role),
                // An owner may be an administrator of the platform, too.
                Err(_) if manages(caller) => Actor::Administrator,
                Err(denied) => return Err(denied.into()),
            },
            Actor::Administrator => Actor::Administrator,
        };
        if_match.check(found.organization.version)?;
        let writer = Writer { user: caller.user_id, actor, now: organizations.context.clock.now() };
        match organizations.store.delete_organization(&found.organization, writer).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
