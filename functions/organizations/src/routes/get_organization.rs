//! `GET /api/v1/organizations/{organization_id}`

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin, problem::NOT_FOUND},
    id::OrganizationId,
    identity::{Caller, MaybeCaller},
};

use crate::{access::is_visible, state::Organizations, view::OrganizationView};

/// Seconds for which a reply without a token may be cached.
pub(super) const PUBLIC_SECONDS: u32 = 5;

shared::problems! {
    /// Errors of getting an organisation.
    pub enum GetOrganizationError {
        NotFound => NOT_FOUND,
    }
}

pub(super) type ShownOrganization = VersionedWithin<PublicReply<OrganizationView>>;

/// Get an organisation
///
/// Returns the public profile; for members, it includes their role and its permissions. A
/// blocked organisation is visible to its members and to administrators only.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{organization_id}",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<OrganizationView>>, GetOrganizationError),
)]
pub async fn get_organization(
    State(organizations): State<Organizations>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<OrganizationId>,
) -> Result<ShownOrganization, GetOrganizationError> {
    show(&organizations, caller.as_ref(), id).await
}

/// Reply for a caller.
pub(super) async fn show(
    organizations: &Organizations,
    caller: Option<&Caller>,
    id: OrganizationId,
) -> Result<ShownOrganization, GetOrganizationError> {
    let user = caller.map(|caller| caller.user_id);
    let found = organizations.store.get_organization(id, user).await?;
    let found = found.filter(|found| is_visible(&found.counters, found.member.as_ref(), caller));
    let found = found.ok_or(GetOrganizationError::NotFound)?;
    let (version, members) = (found.organization.version, found.counters.members);
    let me = found.member.map(|member| member.entity.card.role);
    let rank = me.as_ref().map(|role| role.rank().to_string()).unwrap_or_default();
    Ok(VersionedWithin {
        version,
        whole: Some(format!("{members}.{rank}")),
        reply: PublicReply {
            body: OrganizationView::new(found.organization, members, me.as_ref()),
            max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS),
        },
    })
}
