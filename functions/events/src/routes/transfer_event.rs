//! `POST /api/v1/events/{event_id}/transfer`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    bus::DomainEvent,
    http::{
        Faults, Field, IfMatch, Json, Path, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    organizer::Organizer,
    table::{Attempt, item::Stored, optimistic},
};
use utoipa::ToSchema;

use crate::{
    access::{permit, permit_organizer},
    event::{Change, Event},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
    store::Writing,
    view::EventView,
    writer::event_problems,
};

/// New organizer of an event.
#[derive(Deserialize, ToSchema)]
pub struct TransferEventRequest {
    /// Organizer: the caller, or an organisation in which the caller is an admin or owner.
    #[schema(value_type = Organizer)]
    organizer: Field<String>,
}

shared::problems! {
    /// Errors of handing an event over.
    pub enum TransferEventError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

event_problems!(permission TransferEventError);

/// Transfer an event
///
/// Changes the organizer of an event. The caller must be the current organizer, or an admin
/// or owner of the current organisation; the same applies to the new organizer.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/transfer",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    request_body = TransferEventRequest,
    responses(Versioned<Reply<EventView>>, TransferEventError),
)]
pub async fn transfer_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<TransferEventRequest>,
) -> Result<Versioned<Reply<EventView>>, TransferEventError> {
    let organizer = faults.required("/organizer", body.organizer, |text: String| Organizer::parse(&text));
    let organizer = &faults.done(organizer)?;
    let (events, caller, if_match) = (&events, &caller, &if_match);
    let transferred = optimistic(|| async move {
        let before = events.store.get_event(id).await?.ok_or(TransferEventError::NotFound)?;
        let action = MemberAction::TransferEvents;
        let from = permit(&events.store, caller, &before.entity, action).await?;
        let from = from.ok_or(TransferEventError::NotFound)?;
        let to = permit_organizer(&events.store, caller.user_id, organizer, action).await?;
        if_match.check(before.version)?;
        if before.entity.organizer == *organizer {
            return Ok(Attempt::Done(before));
        }
        let now = events.context.clock.now();
        let after = Event { organizer: organizer.clone(), updated_at: now, ..before.entity.clone() };
        let change = Change { fields: vec!["organizer".to_owned()], occurrence: None };
        let changed = after.changed(Some(&before.entity), change, from.actor);
        let published = vec![DomainEvent::EventTransferred(changed)];
        let writing =
            Writing { checks: vec![from.check, to.check], account: organizer.user(), events: published };
        match events.store.replace_event(&before, &after, writing).await {
            Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(TransferEventError::from(failure)),
        }
    })
    .await?;
    let now = events.context.clock.now();
    Ok(Versioned(transferred.version, Reply(EventView::new(transferred, now, true))))
}
