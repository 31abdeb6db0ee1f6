//! `POST /api/v1/events/{event_id}/duplicate`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    bus::DomainEvent,
    http::{
        Faults, Field, IdempotencyKey, Idempotent, KeyReused, Path, Replayable, once,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    text::EventTitle,
};
use utoipa::ToSchema;

use super::create_event::{CreatedEvent, created_at, draft, reply};
use crate::{
    access::permit,
    event::{Change, Details},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
    store::{WriteRefusal, Writing},
    writer::event_problems,
};

/// Copy of an event.
#[derive(Deserialize, ToSchema)]
pub struct DuplicateEventRequest {
    /// Title of the copy. Defaults to the title of the event.
    #[schema(value_type = Option<EventTitle>)]
    title: Field<String>,
}

shared::problems! {
    /// Errors of duplicating an event.
    pub enum DuplicateEventError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

event_problems!(permission DuplicateEventError);

/// Duplicate an event
///
/// Creates a draft with the fields and the schedule of an event, without its slug and its
/// changes of single occurrences. For the organizer, and editors and higher roles of the
/// organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/duplicate",
    params(("event_id" = EventId, Path, description = "The event's id."), IdempotencyKey),
    security(("bearer" = [])),
    request_body = DuplicateEventRequest,
    responses(Replayable<CreatedEvent>, DuplicateEventError),
)]
pub async fn duplicate_event(
    State(events): State<Events>,
    caller: Caller,
    Path(original): Path<EventId>,
    Idempotent(body, mut faults, attempt): Idempotent<DuplicateEventRequest>,
) -> Result<Replayable<CreatedEvent>, DuplicateEventError> {
    let title = faults.optional("/title", body.title, |text: String| EventTitle::parse(&text));
    let title = faults.done(title)?;
    let id: EventId = events.context.ids.next();
    let record = attempt.about(original).record(caller.user_id, &[], id, id.created_at());
    let (events, record) = (&events, record.as_ref());
    let create = async {
        let found = events.store.get_event(original).await?.ok_or(DuplicateEventError::NotFound)?.entity;
        let permitted = permit(&events.store, &caller, &found, MemberAction::ManageEvents).await?;
        let authority = permitted.ok_or(DuplicateEventError::NotFound)?;
        let title = title.unwrap_or(found.details.title);
        let details = Details { title, slug: None, ..found.details };
        let event = draft(id, (found.organizer, caller.user_id), details);
        let reply = reply(&event)?;
        let record = record.map(|record| record.clone().with_reply(&reply));
        let created = event.changed(None, Change::default(), authority.actor);
        let writing = Writing {
            checks: vec![authority.check],
            account: Some(caller.user_id),
            events: vec![DomainEvent::EventCreated(created)],
        };
        match events.store.create_event(&event, record.as_ref(), writing).await {
            Ok(()) => Ok(Some(created_at(&id.to_string(), reply))),
            Err(Refused::By(WriteRefusal::Repeated)) => Ok(None),
            // The account is deleted, or the permission has just ended.
            Err(Refused::By(_)) if event.organizer.user().is_some() => Err(DuplicateEventError::Forbidden),
            Err(Refused::By(_)) => Err(NotPermitted(MemberAction::ManageEvents).into()),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    };
    let first = async {
        let Some(first) = events.store.first_request(record).await? else { return Ok(None) };
        let id = first.resource().to_owned();
        Ok(first.reply()?.map(|reply| created_at(&id, reply)))
    };
    once(create, first).await
}
