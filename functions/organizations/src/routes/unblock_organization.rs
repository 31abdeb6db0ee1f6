//! `POST /api/v1/organizations/{organization_id}/unblock`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrganizationId,
    identity::{Require, permission::ManageOrganizations},
};

use super::moderate::{ModerateError, Moderated, Moderation, moderate};
use crate::state::Organizations;

/// Unblock an organisation
///
/// Reverses a block. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/unblock",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["manage_organizations"])),
    responses(Moderated, ModerateError),
)]
pub async fn unblock_organization(
    State(organizations): State<Organizations>,
    administrator: Require<ManageOrganizations>,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<Moderated, ModerateError> {
    moderate(&organizations, administrator.user_id, id, &if_match, Moderation::Unblock).await
}
