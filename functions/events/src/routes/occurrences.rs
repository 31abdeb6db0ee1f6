//! Common part of the commands that change an occurrence.

use shared::{
    bus::{DomainEvent, events::EventChanged},
    http::{
        Faults, IfMatch, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    table::item::Stored,
};

use crate::{
    event::{Change, Effect, Event},
    problems::{
        EVENT_OVER, NotPermitted, OCCURRENCE_NOT_IN_SERIES, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED,
    },
    schedule::{Exception, Fault, Key},
    state::Events,
    transitions::is_editable,
    view::OccurrenceView,
    writer::{Found, Outcome, change_with, event_problems},
};

/// Maximum number of exceptions of an event, as of skipped dates.
const MOST_EXCEPTIONS: usize = crate::schedule::MAX_SKIPPED;

shared::problems! {
    /// Errors of changing an occurrence.
    pub enum ChangeOccurrenceError {
        NotFound => NOT_FOUND,
        NotInSeries => OCCURRENCE_NOT_IN_SERIES,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Over => EVENT_OVER,
        Stale(Stale),
        Invalid(Faults),
    }
}

event_problems!(command ChangeOccurrenceError);

/// A fault of a whole request for an occurrence.
impl From<Fault> for ChangeOccurrenceError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotInSeries | Fault::InvalidKey => Self::NotInSeries,
            fault => Self::Invalid(Faults::one("", fault.into())),
        }
    }
}

pub(super) type ChangedOccurrence = Versioned<Reply<OccurrenceView>>;

/// Changes an occurrence of an event that is not over; gives the event.
pub(super) async fn change_occurrence(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, &IfMatch),
    decide: impl Fn(Found<'_>) -> Result<Outcome, ChangeOccurrenceError>,
) -> Result<Stored<Event>, ChangeOccurrenceError> {
    let decide = |found: Found<'_>| Ok((decide(found)?, Effect::default()));
    change_occurrences(events, caller, (id, if_match), decide).await.map(|(event, _)| event)
}

/// Changes occurrences of an event that is not over; gives the event, and the effect on other
/// dates.
pub(super) async fn change_occurrences(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, &IfMatch),
    decide: impl Fn(Found<'_>) -> Result<(Outcome, Effect), ChangeOccurrenceError>,
) -> Result<(Stored<Event>, Effect), ChangeOccurrenceError> {
    change_with(events, caller, (id, if_match), MemberAction::ManageEvents, |found| {
        if !is_editable(&found.event.status) {
            return Err(ChangeOccurrenceError::Over);
        }
        decide(found)
    })
    .await
}

/// The exception of a key; none of an occurrence that the schedule gives without one.
pub(super) fn exception(event: &Event, key: Key) -> Result<Exception, ChangeOccurrenceError> {
    let schedule = event.details.schedule.as_ref().ok_or(ChangeOccurrenceError::NotInSeries)?;
    if !schedule.has(key) {
        return Err(ChangeOccurrenceError::NotInSeries);
    }
    Ok(event.exceptions.get(&key).cloned().unwrap_or_default())
}

/// The outcome of another exception of a key.
pub(super) fn excepted(
    found: Found<'_>,
    (key, exception): (Key, Exception),
    publish: fn(EventChanged) -> DomainEvent,
) -> Result<Outcome, ChangeOccurrenceError> {
    let mut after = found.event.clone();
    if exception == Exception::default() {
        after.exceptions.remove(&key);
    } else {
        after.exceptions.insert(key, exception);
    }
    if after.exceptions == found.event.exceptions {
        return Ok(Outcome::Unchanged);
    }
    if after.exceptions.len() > MOST_EXCEPTIONS {
        return Err(Fault::TooManyOccurrences("An event has at most 400 changed dates.").into());
    }
    Ok(rewritten(found, after, key, publish))
}

/// The outcome of a changed event, with a domain event of the occurrence.
pub(super) fn rewritten(
    found: Found<'_>,
    mut after: Event,
    key: Key,
    publish: fn(EventChanged) -> DomainEvent,
) -> Outcome {
    (after.updated_at, after.sequence) = (found.now, after.sequence + 1);
    let change = Change { fields: Vec::new(), occurrence: Some(key.to_string()) };
    let changed = after.changed(Some(found.event), change, found.actor);
    Outcome::Changed(Box::new(after), vec![publish(changed)])
}

/// The reply with an occurrence.
pub(super) fn shown(event: &Stored<Event>, key: Key) -> Result<ChangedOccurrence, ChangeOccurrenceError> {
    let view = view(&event.entity, key).ok_or(ChangeOccurrenceError::NotInSeries)?;
    Ok(Versioned(event.version, Reply(view)))
}

/// The occurrence of a key.
pub(super) fn view(event: &Event, key: Key) -> Option<OccurrenceView> {
    let occurrence = event.details.schedule.as_ref()?.find(key, &event.exceptions)?;
    Some(OccurrenceView::new(event, &occurrence))
}
