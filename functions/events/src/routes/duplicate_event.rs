//! `POST /api/v1/events/{event_id}/duplicate`

use axum::extract::State;
use serde::Deserialize;
use shared::{
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

use super::drafts::{CreatedEvent, draft, first_reply, write_draft};
use crate::{
    access::permit,
    event::Details,
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
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
        write_draft(events, &event, authority, record).await
    };
    once(create, first_reply(events, record)).await
}
