//! `PUT /api/v1/event-categories`

use axum::extract::State;
use shared::{
    http::{Faults, IfMatch, Json, Reply, Stale, Versioned},
    identity::{Require, permission::ManageEvents},
    table::{Attempt, item::Stored, optimistic},
};

use crate::{
    categories::{EventCategoriesRequest, EventCategoriesView},
    problems::CATEGORY_IN_USE,
    state::Events,
};

shared::problems! {
    /// Errors of replacing the categories of events.
    pub enum ReplaceEventCategoriesError {
        InUse => CATEGORY_IN_USE,
        Stale(Stale),
        Invalid(Faults),
    }
}

/// Replace event categories
///
/// Replaces the whole list. A category of the current list cannot be removed; set `retired`
/// to exclude it from new events. Administrators only.
#[utoipa::path(
    put,
    path = "/api/v1/event-categories",
    security(("bearer" = ["manage_events"])),
    request_body = EventCategoriesRequest,
    responses(Versioned<Reply<EventCategoriesView>>, ReplaceEventCategoriesError),
)]
pub async fn replace_categories(
    State(events): State<Events>,
    _administrator: Require<ManageEvents>,
    if_match: IfMatch,
    Json(body, faults): Json<EventCategoriesRequest>,
) -> Result<Versioned<Reply<EventCategoriesView>>, ReplaceEventCategoriesError> {
    let after = &body.parse(faults)?;
    let (events, if_match) = (&events, &if_match);
    let stored = optimistic(|| async move {
        let before = events.store.get_categories().await?;
        if_match.check(before.version)?;
        if before.entity == *after {
            return Ok(Attempt::Done(before));
        }
        if !before.entity.is_within(after) {
            return Err(ReplaceEventCategoriesError::InUse);
        }
        let written = events.store.put_categories(&before, after).await?;
        if written {
            Ok(Attempt::Done(Stored { entity: after.clone(), version: before.version + 1 }))
        } else {
            Ok(Attempt::Retry)
        }
    })
    .await?;
    Ok(Versioned(stored.version, Reply(EventCategoriesView::of(stored))))
}
