//! `POST /api/v1/events`

use axum::extract::State;
use shared::{
    http::{Faults, IdempotencyKey, Idempotent, KeyReused, Replayable, once, problem::FORBIDDEN},
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    organizer::Organizer,
};

use super::drafts::{CreatedEvent, draft, first_reply, write_draft};
use crate::{
    access::permit_organizer,
    body::EventRequest,
    categories::offered,
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
    writer::event_problems,
};

shared::problems! {
    /// Errors of creating an event.
    pub enum CreateEventError {
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

event_problems!(permission CreateEventError);

/// Create an event
///
/// Creates a draft. Only the title is required. The organizer is the caller, or an
/// organisation in which the caller is an editor or has a higher role.
#[utoipa::path(
    post,
    path = "/api/v1/events",
    params(IdempotencyKey),
    security(("bearer" = [])),
    request_body = EventRequest,
    responses(Replayable<CreatedEvent>, CreateEventError),
)]
pub async fn create_event(
    State(events): State<Events>,
    caller: Caller,
    Idempotent(body, faults, attempt): Idempotent<EventRequest>,
) -> Result<Replayable<CreatedEvent>, CreateEventError> {
    let id: EventId = events.context.ids.next();
    let record = attempt.record(caller.user_id, &[], id, id.created_at());
    let record = record.as_ref();
    let (events, user) = (&events, caller.user_id);
    let create = async {
        let organizer = body.organizer()?.unwrap_or(Organizer::User(user));
        let offer = events.offer_for(&body).await?;
        let details = body.create(faults)?;
        offered(offer.as_ref(), &[], &details)?;
        let authority = permit_organizer(&events.store, user, &organizer, MemberAction::ManageEvents).await?;
        write_draft(events, &draft(id, (organizer, user), details), authority, record).await
    };
    once(create, first_reply(events, record)).await
}
