//! `GET /api/v1/organizations/by-slug/{organization_slug}`

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin},
    identity::MaybeCaller,
    text::Slug,
};

use super::get_organization::{GetOrganizationError, ShownOrganization, show};
use crate::{state::Organizations, view::OrganizationView};

/// Find an organisation by its slug
///
/// Returns the organisation with this slug. A former slug returns it for 90 days, with the
/// current `slug`.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/by-slug/{organization_slug}",
    params((
        "organization_slug" = Slug, Path, description = "The organisation's slug.", example = "analytical-society",
    )),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<OrganizationView>>, GetOrganizationError),
)]
pub async fn find_organization(
    State(organizations): State<Organizations>,
    MaybeCaller(caller): MaybeCaller,
    Path(slug): Path<String>,
) -> Result<ShownOrganization, GetOrganizationError> {
    let slug = Slug::parse(&slug).map_err(|_| GetOrganizationError::NotFound)?;
    let found = organizations.store.find_by_slug(&slug, organizations.context.clock.now()).await?;
    show(&organizations, caller.as_ref(), found.ok_or(GetOrganizationError::NotFound)?).await
}
