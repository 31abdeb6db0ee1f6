//! `POST /api/v1/organizations/{organization_id}/verify`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrganizationId,
    identity::{Require, permission::ManageOrganizations},
};

use super::moderate::{ModerateError, Moderated, Moderation, moderate};
use crate::state::Organizations;

/// Verify an organisation
///
/// Marks the organisation as verified by the platform, until its name changes.
/// Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/verify",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["manage_organizations"])),
    responses(Moderated, ModerateError),
)]
pub async fn verify_organization(
    State(organizations): State<Organizations>,
    administrator: Require<ManageOrganizations>,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
) -> Result<Moderated, ModerateError> {
    moderate(&organizations, administrator.user_id, id, &if_match, Moderation::Verify).await
}
