//! `GET /api/v1/organizations/{organization_id}/events`

use axum::extract::State;
use shared::{
    http::{List, Path},
    id::OrganizationId,
    organizer::Organizer,
};

use super::organizer_events::{ListOrganizerEventsError, OrganizerEventFilters, OrganizerEvents, list};
use crate::state::Events;

/// List the events of an organisation
///
/// Lists the listed events that the organisation organizes, with past ones, the newest
/// first; none while it is blocked. Eventually consistent. A page may have fewer events than
/// `limit`, because those that are not listed are not shown.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{organization_id}/events",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        OrganizerEventFilters,
        shared::http::Paging,
    ),
    responses(OrganizerEvents, ListOrganizerEventsError),
)]
pub async fn list_organization_events(
    State(events): State<Events>,
    Path(id): Path<OrganizationId>,
    List { filters, paging }: List<OrganizerEventFilters>,
) -> Result<OrganizerEvents, ListOrganizerEventsError> {
    let status = events.store.get_organization_status(id).await?;
    status.ok_or(ListOrganizerEventsError::NotFound)?;
    list(&events, &Organizer::Organization(id), &filters, &paging).await
}
