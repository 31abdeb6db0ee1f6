//! `POST /api/v1/organizations/{organization_id}/block`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrganizationId,
    identity::{Require, permission::ManageOrganizations},
};

use super::moderate::{ModerateError, Moderated, Moderation, moderate};
use crate::state::Organizations;

/// Block an organisation
///
/// Removes the organisation from public lists and refuses every write for it; nothing is
/// deleted. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/block",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["manage_organizations"])),
    responses(Moderated, ModerateError),
)]
pub async fn block_organization(
    State(organizations): State<Organizations>,
    administrator: Require<ManageOrganizations>,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<Moderated, ModerateError> {
    moderate(&organizations, administrator.user_id, id, &if_match, Moderation::Block).await
}
