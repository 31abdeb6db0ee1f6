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
/// Lists the events of an organisation with the visibility `listed`, including past ones,
/// the newest first. The list of a blocked organisation is empty. Eventually consistent. A
/// page may have fewer events than `limit`, because other events are left out.
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
