//! `POST /api/v1/organizations/{organization_id}/leave`

use axum::extract::State;
use shared::{
    http::{IfMatch, NoContent, Path},
    id::OrganizationId,
    identity::Caller,
};

use super::{change_member::ChangeMemberError, remove_member::remove};
use crate::state::Organizations;

/// Leave an organisation
///
/// Ends the caller's membership. The last owner cannot leave. Idempotent: returns 204 if
/// the caller is not a member.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/leave",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = [])),
    responses(NoContent, ChangeMemberError),
)]
pub async fn leave_organization(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<NoContent, ChangeMemberError> {
    remove(&organizations, caller.user_id, (id, caller.user_id), &if_match).await
}
