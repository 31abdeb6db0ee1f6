//! `GET /api/v1/users/{user_id}/events`

use axum::extract::State;
use shared::{
    http::{List, Path},
    id::UserId,
    organizer::Organizer,
};

use super::organizer_events::{ListOrganizerEventsError, OrganizerEventFilters, OrganizerEvents, list};
use crate::state::Events;

/// List the events of a user
///
/// Lists the events of a user with the visibility `listed`, including past ones, the newest
/// first. The list of an unknown user is empty. Eventually consistent. A page may have
/// fewer events than `limit`, because other events are left out.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user_id}/events",
    params(
        ("user_id" = UserId, Path, description = "The user's id."),
        OrganizerEventFilters,
        shared::http::Paging,
    ),
    responses(OrganizerEvents, ListOrganizerEventsError),
)]
pub async fn list_user_events(
    State(events): State<Events>,
    Path(id): Path<UserId>,
    List { filters, paging }: List<OrganizerEventFilters>,
) -> Result<OrganizerEvents, ListOrganizerEventsError> {
    list(&events, &Organizer::User(id), &filters, &paging).await
}
