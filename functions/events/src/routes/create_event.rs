//! `POST /api/v1/events`

use axum::extract::State;
use shared::{
    Failure, Refused,
    bus::DomainEvent,
    http::{
        Created, Faults, IdempotencyKey, Idempotent, KeptReply, KeyReused, Replayable, Versioned, once,
        problem::FORBIDDEN,
    },
    id::{EventId, UserId},
    identity::Caller,
    membership::MemberAction,
    organizer::Organizer,
    table::item::Stored,
    vocabulary::{EventStatus, Open},
};

use crate::{
    access::permit_organizer,
    body::EventRequest,
    categories::offered,
    event::{Change, Details, Event, EventCard},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    schedule::Exceptions,
    state::Events,
    store::{WriteRefusal, Writing},
    view::EventView,
    writer::{event_problems, judge_size},
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

pub(super) type CreatedEvent = Versioned<Created<KeptReply<EventView>>>;

/// Create an event
///
/// Creates a draft, for which a title is enough. The organizer is the caller, or an
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
        let event = draft(id, (organizer, user), details);
        judge_size(&event)?;
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
            Err(Refused::By(_)) if event.organizer.user().is_some() => Err(CreateEventError::Forbidden),
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

/// A new draft.
pub(super) fn draft(id: EventId, (organizer, user): (Organizer, UserId), details: Details) -> Event {
    let status = Open::from(EventStatus::Draft);
    let card = EventCard::of(&organizer, &status, &details);
    Event {
        id,
        organizer,
        created_by: Some(user),
        status,
        details,
        exceptions: Exceptions::new(),
        sequence: 0,
        previous_starts: Vec::new(),
        reason: None,
        published_at: None,
        blocked: false,
        organizer_blocked: false,
        updated_at: id.created_at(),
        card,
    }
}

pub(super) fn created_at(id: &str, body: KeptReply<EventView>) -> CreatedEvent {
    Versioned(1, Created { location: format!("/api/v1/events/{id}"), body })
}

pub(super) fn reply(event: &Event) -> Result<KeptReply<EventView>, Failure> {
    let stored = Stored { entity: event.clone(), version: 1 };
    KeptReply::new(&EventView::new(stored, event.updated_at, true))
}
