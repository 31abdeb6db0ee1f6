//! Common part of `create_event` and `duplicate_event`.

use shared::{
    Failure, Refused,
    bus::DomainEvent,
    http::{Created, Faults, IdempotencyRecord, KeptReply, KeyReused, Versioned},
    id::{EventId, UserId},
    membership::{Denied, MemberAction, NotPermitted},
    organizer::Organizer,
    table::item::Stored,
    vocabulary::{EventStatus, Open},
};

use crate::{
    access::{Authority, permit_organizer},
    event::{Change, Details, Event, EventCard},
    schedule::Exceptions,
    state::Events,
    store::{WriteRefusal, Writing},
    view::EventView,
    writer::judge_size,
};

pub(super) type CreatedEvent = Versioned<Created<KeptReply<EventView>>>;

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
        due_at: None,
        card,
    }
}

/// Writes a draft; `None` for a repeated request.
pub(super) async fn write_draft<E>(
    events: &Events,
    event: &Event,
    authority: Authority,
    record: Option<&IdempotencyRecord>,
) -> Result<Option<CreatedEvent>, E>
where
    E: From<Denied> + From<Faults> + From<Failure>,
{
    judge_size(event)?;
    let stored = Stored { entity: event.clone(), version: 1 };
    let reply = KeptReply::new(&EventView::new(stored, event.updated_at, true))?;
    let record = record.map(|record| record.clone().with_reply(&reply));
    let created = event.changed(None, Change::default(), authority.actor);
    let writing = Writing {
        checks: vec![authority.check],
        account: event.created_by,
        events: vec![DomainEvent::EventCreated(created)],
    };
    match events.store.create_event(event, record.as_ref(), writing).await {
        Ok(()) => Ok(Some(created_at(&event.id.to_string(), reply))),
        Err(Refused::By(WriteRefusal::Repeated)) => Ok(None),
        Err(Refused::By(_)) => Err(denied(events, event).await?.into()),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// Reason for which the conditions refuse a draft: the account is deleted, the permission
/// has just ended, or the organisation has just been blocked or closed.
async fn denied(events: &Events, event: &Event) -> Result<Denied, Failure> {
    let action = MemberAction::ManageEvents;
    let (Organizer::Organization(_), Some(user)) = (&event.organizer, event.created_by) else {
        return Ok(Denied::Forbidden);
    };
    match permit_organizer(&events.store, user, &event.organizer, action).await {
        Err(Refused::By(denied)) => Ok(denied),
        Err(Refused::Failed(failure)) => Err(failure),
        // The membership of a deleted account ends a moment later.
        Ok(_) => Ok(Denied::NotPermitted(NotPermitted(action))),
    }
}

/// The reply to the first request of a record's key.
pub(super) async fn first_reply<E>(
    events: &Events,
    record: Option<&IdempotencyRecord>,
) -> Result<Option<CreatedEvent>, E>
where
    E: From<Refused<KeyReused>> + From<Failure>,
{
    let Some(first) = events.store.first_request(record).await? else { return Ok(None) };
    let id = first.resource().to_owned();
    Ok(first.reply()?.map(|reply| created_at(&id, reply)))
}

fn created_at(id: &str, body: KeptReply<EventView>) -> CreatedEvent {
    Versioned(1, Created { location: format!("/api/v1/events/{id}"), body })
}
