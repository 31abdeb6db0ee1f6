//! `GET /api/v1/events/{event_id}`

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin, problem::NOT_FOUND},
    id::EventId,
    identity::{Caller, MaybeCaller},
    table::item::Stored,
};

use crate::{access::sees_all, event::Event, state::Events, view::EventView};

/// Seconds for which a reply without a token may be cached.
pub(super) const PUBLIC_SECONDS: u32 = 5;

shared::problems! {
    /// Errors of getting an event.
    pub enum GetEventError {
        NotFound => NOT_FOUND,
    }
}

pub(super) type ShownEvent = VersionedWithin<PublicReply<EventView>>;

/// Get an event
///
/// Returns an event. Drafts, private and blocked events are visible to the organizer, to
/// members of the organizing organisation and to administrators only; other callers get
/// 404. The link of an online event is for the organizer and members only.
#[utoipa::path(
    get,
    path = "/api/v1/events/{event_id}",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security((), ("bearer" = [])),
    responses(ShownEvent, GetEventError),
)]
pub async fn get_event(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<EventId>,
) -> Result<ShownEvent, GetEventError> {
    show(&events, caller.as_ref(), id).await
}

/// Reply for a caller.
pub(super) async fn show(
    events: &Events,
    caller: Option<&Caller>,
    id: EventId,
) -> Result<ShownEvent, GetEventError> {
    let (event, to_organizer) = find(events, caller, id).await?;
    let (version, now) = (event.version, events.context.clock.now());
    let body = EventView::new(event, now, to_organizer);
    let next = body.next_start().map(|next| next.millis().to_string()).unwrap_or_default();
    Ok(VersionedWithin {
        version,
        whole: Some(format!("{next}.{}", u8::from(to_organizer))),
        reply: PublicReply { body, max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS) },
    })
}

/// The event as far as it exists for a caller, and true if the caller sees it as its
/// organizer does.
pub(super) async fn find(
    events: &Events,
    caller: Option<&Caller>,
    id: EventId,
) -> Result<(Stored<Event>, bool), GetEventError> {
    let event = events.store.get_event(id).await?.ok_or(GetEventError::NotFound)?;
    let to_organizer = match caller {
        Some(caller) => sees_all(&events.store, caller, &event.entity).await?,
        None => false,
    };
    if to_organizer || event.entity.is_public() {
        Ok((event, to_organizer))
    } else {
        Err(GetEventError::NotFound)
    }
}
