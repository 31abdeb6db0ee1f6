//! `GET /api/v1/organizations/mine`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Reply},
    id::OrganizationId,
    identity::Caller,
    vocabulary::OrganizationRole,
};
use utoipa::IntoParams;

use crate::{state::Organizations, store::ListedMembership, view::OwnOrganizationView};

/// Filters of the caller's organisations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OwnOrganizationFilters {
    /// Filter by the caller's role.
    #[param(inline)]
    role: Option<OrganizationRole>,
}

shared::problems! {
    /// Errors of listing the caller's organisations.
    pub enum ListOwnOrganizationsError {
        Cursor(InvalidCursor),
    }
}

/// List the caller's organisations
///
/// Lists the organisations that the caller is a member of, those with the highest role
/// first. Eventually consistent. A page may have fewer organisations than `limit` after a
/// deletion.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/mine",
    params(OwnOrganizationFilters, Paging),
    security(("bearer" = [])),
    responses(Reply<Page<OwnOrganizationView>>, ListOwnOrganizationsError),
)]
pub async fn list_own_organizations(
    State(organizations): State<Organizations>,
    caller: Caller,
    List { filters, paging }: List<OwnOrganizationFilters>,
) -> Result<Reply<Page<OwnOrganizationView>>, ListOwnOrganizationsError> {
    let reader = Some(caller.user_id);
    let after: Option<String> = paging.after(reader)?;
    let store = &organizations.store;
    let found = store.list_memberships(caller.user_id, filters.role, after, paging.to_read()).await?;
    let Page { data, has_more, next_cursor } =
        paging.page(reader, found, |membership: &ListedMembership| membership.sort.clone())?;
    let ids: Vec<OrganizationId> = data.iter().map(|membership| membership.organization).collect();
    let organizations = store.get_organizations(&ids).await?.into_iter().zip(data);
    let data = organizations.filter_map(|(organization, membership)| {
        Some(OwnOrganizationView::new(organization?, membership.role))
    });
    Ok(Reply(Page { data: data.collect(), has_more, next_cursor }))
}
