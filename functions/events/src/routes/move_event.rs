//! Common part of the commands that change an event's status.

use shared::{
    bus::{DomainEvent, events::EventChanged},
    http::{
        Faults, Field, IfMatch, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    text::Reason,
    vocabulary::EventStatus,
};

use crate::{
    event::{Change, Event},
    problems::{NotAllowed, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Events,
    transitions::is_allowed,
    view::EventView,
    writer::{Found, Outcome, change, event_problems},
};

shared::problems! {
    /// Errors of changing an event's status.
    pub enum MoveEventError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        InvalidTransition(NotAllowed),
        Stale(Stale),
        Invalid(Faults),
    }
}

event_problems!(command MoveEventError);

pub(super) type MovedEvent = Versioned<Reply<EventView>>;

/// A command that changes the status.
#[derive(Debug, Clone)]
pub(super) struct Command {
    /// Status that it leads to.
    pub(super) to: EventStatus,
    /// Reason that visitors see.
    pub(super) reason: Option<Reason>,
    /// Domain event that it publishes.
    pub(super) publish: fn(EventChanged) -> DomainEvent,
}

/// Changes an event's status. Repeating a command has no effect.
pub(super) async fn move_event(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, IfMatch),
    command: Command,
) -> Result<MovedEvent, MoveEventError> {
    let moved = change(events, caller, (id, &if_match), MemberAction::ManageEvents, |found| {
        if found.event.status == command.to {
            return Ok(Outcome::Unchanged);
        }
        let mut after = moved(found, command.to)?;
        after.reason.clone_from(&command.reason);
        Ok::<_, MoveEventError>(published(found, after, Change::default(), command.publish))
    })
    .await?;
    Ok(Versioned(moved.version, Reply(EventView::new(moved, events.context.clock.now(), true))))
}

/// The event in another status.
pub(super) fn moved(found: Found<'_>, to: EventStatus) -> Result<Event, NotAllowed> {
    let before = found.event;
    if !is_allowed(&before.status, to) {
        return Err(NotAllowed(before.status.clone()));
    }
    let sequence = before.sequence + 1;
    Ok(Event { status: to.into(), sequence, updated_at: found.now, ..before.clone() })
}

/// The outcome with one domain event.
pub(super) fn published(
    found: Found<'_>,
    after: Event,
    change: Change,
    publish: fn(EventChanged) -> DomainEvent,
) -> Outcome {
    let changed = after.changed(Some(found.event), change, found.actor);
    Outcome::Changed(Box::new(after), vec![publish(changed)])
}

/// The optional reason of a body.
pub(super) fn reason(mut faults: Faults, field: Field<String>) -> Result<Option<Reason>, Faults> {
    let reason = faults.optional("/reason", field, |text: String| Reason::parse_for_emails(&text));
    faults.done(reason)
}
