//! Common part of `replace_event` and `update_event`.

use shared::{
    bus::DomainEvent,
    http::{
        Faults, IfMatch, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    text::Invalid,
    vocabulary::{EventMode, EventStatus},
};

use super::schedule_options::ScheduleOptions;
use crate::{
    body::{EventRequest, Method},
    categories::offered,
    event::{Change, Details, Effect, Event},
    problems::{EVENT_OVER, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    schedule::Fault,
    state::Events,
    transitions::is_editable,
    view::ChangedEventView,
    writer::{Outcome, change_with, event_problems},
};

shared::problems! {
    /// Errors of changing an event.
    pub enum ChangeEventError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Over => EVENT_OVER,
        Stale(Stale),
        Invalid(Faults),
    }
}

event_problems!(command ChangeEventError);

pub(super) type ChangedEvent = Versioned<Reply<ChangedEventView>>;

/// Applies a request to an event; gives the result.
pub(super) async fn apply(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, IfMatch),
    (body, faults): (EventRequest, Faults),
    (method, options): (Method, ScheduleOptions),
) -> Result<ChangedEvent, ChangeEventError> {
    let offer = events.offer_for(&body).await?;
    let how = (options.keep.unwrap_or_default(), options.orphans.unwrap_or_default());
    let changed = change_with(events, caller, (id, &if_match), MemberAction::ManageEvents, |found| {
        let before = found.event;
        if !is_editable(&before.status) {
            return Err(ChangeEventError::Over);
        }
        let mut details = body.clone().change(before, method, faults.clone())?;
        offered(offer.as_ref(), &before.details.categories, &details)?;
        if before.status != EventStatus::Draft {
            let gaps = gaps(&details);
            if !gaps.is_empty() {
                return Err(gaps.into());
            }
        }
        let dates = before.rescheduled(details.schedule.take(), how, found.now).map_err(of_schedule)?;
        details.schedule = dates.schedule;
        let fields = before.details.changed(&details);
        if fields.is_empty() {
            return Ok((Outcome::Unchanged, Effect::default()));
        }
        let mut after =
            Event { details, exceptions: dates.exceptions, updated_at: found.now, ..before.clone() };
        after.sequence += u32::from(Details::moves(&fields));
        let change = Change { fields, occurrence: None };
        let updated = DomainEvent::EventUpdated(after.changed(Some(before), change, found.actor));
        Ok((Outcome::Changed(Box::new(after), vec![updated]), dates.effect))
    });
    let (event, effect) = changed.await?;
    let now = events.context.clock.now();
    Ok(Versioned(event.version, Reply(ChangedEventView::new(event, now, effect))))
}

/// The faults of an event that is to be public: everything that a visitor needs.
pub(super) fn gaps(details: &Details) -> Faults {
    let mut faults = Faults::default();
    let required = |detail: &'static str| Invalid::new("required", detail);
    if details.schedule.is_none() {
        faults.add("/schedule", required("A public event has a schedule."));
    }
    let is_at_a_place = details.mode != EventMode::Online;
    let is_online = details.mode != EventMode::Offline;
    if is_at_a_place {
        let venue = details.venue.as_ref();
        if venue.is_none_or(|venue| venue.city.is_none()) {
            faults.add("/venue/city", required("The venue of a public event has a city."));
        }
        if venue.is_none_or(|venue| venue.country.is_none()) {
            faults.add("/venue/country", required("The venue of a public event has a country."));
        }
    }
    if is_online && details.online_url.is_none() {
        faults.add("/online_url", required("A public event that is online has a link."));
    }
    faults
}

/// A fault of a whole schedule in a body.
pub(super) fn of_schedule(fault: Fault) -> Faults {
    Faults::one("/schedule", fault.into())
}
