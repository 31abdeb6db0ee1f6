//! `DELETE /api/v1/events/{event_id}`

use axum::extract::State;
use shared::{
    Refused,
    bus::DomainEvent,
    http::{IfMatch, NoContent, Path, Stale, problem::FORBIDDEN},
    id::EventId,
    identity::Caller,
    membership::{MemberAction, OrganizationCheck},
    table::{Attempt, optimistic},
    vocabulary::ActorKind,
};

use crate::{
    access::{Authority, manages, permit},
    event::{Change, Event},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
    store::Writing,
    writer::event_problems,
};

shared::problems! {
    /// Errors of deleting an event.
    pub enum DeleteEventError {
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

event_problems!(permission DeleteEventError);

/// Delete an event
///
/// Deletes an event and its page, and releases its slug. To keep the page, marked as
/// cancelled, cancel the event instead. For the organizer, editors and higher roles of the
/// organizing organisation, and administrators of the platform. Idempotent: returns 204 if
/// the event does not exist.
#[utoipa::path(
    delete,
    path = "/api/v1/events/{event_id}",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    responses(NoContent, DeleteEventError),
)]
pub async fn delete_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
) -> Result<NoContent, DeleteEventError> {
    let (events, caller, if_match) = (&events, &caller, &if_match);
    optimistic(|| async move {
        let Some(before) = events.store.get_event(id).await? else { return Ok(Attempt::Done(NoContent)) };
        let authority = if manages(caller) {
            Authority { check: OrganizationCheck::None, actor: ActorKind::Administrator }
        } else {
            let permitted = permit(&events.store, caller, &before.entity, MemberAction::ManageEvents).await?;
            // Its existence is not revealed.
            let Some(authority) = permitted else { return Ok(Attempt::Done(NoContent)) };
            authority
        };
        if_match.check(before.version)?;
        let now = events.context.clock.now();
        let after = Event { updated_at: now, ..before.entity.clone() };
        let deleted = after.changed(Some(&before.entity), Change::default(), authority.actor);
        let writing = Writing {
            checks: vec![authority.check],
            account: None,
            events: vec![DomainEvent::EventDeleted(deleted)],
        };
        match events.store.delete_event(&before, now, writing).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
