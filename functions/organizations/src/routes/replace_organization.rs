//! `PUT /api/v1/organizations/{organization_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path},
    id::OrganizationId,
    identity::Caller,
};

use super::change_organization::{ChangeOrganizationError, ChangedOrganization, change};
use crate::{
    body::{Method, UpdateOrganizationRequest},
    state::Organizations,
};

/// Replace an organisation
///
/// Replaces the profile: removes the fields that the body does not name, except the slug.
/// Permissions are those of PATCH. A new name ends the verification.
#[utoipa::path(
    put,
    path = "/api/v1/organizations/{organization_id}",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = [])),
    request_body = UpdateOrganizationRequest,
    responses(ChangedOrganization, ChangeOrganizationError),
)]
pub async fn replace_organization(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateOrganizationRequest>,
) -> Result<ChangedOrganization, ChangeOrganizationError> {
    change(&organizations, &caller, id, &if_match, (body, faults), Method::Replace).await
}
