//! Allowed transitions of an event: one table. A transition that is not in it is refused.

use shared::vocabulary::{EventStatus, Open};

use EventStatus::{Cancelled, Completed, Draft, Postponed, Published, Rescheduled};

/// All transitions, each from one status to another.
pub const TRANSITIONS: &[(EventStatus, EventStatus)] = &[
    (Draft, Published),
    (Published, Draft),
    (Published, Rescheduled),
    (Published, Postponed),
    (Published, Cancelled),
    (Published, Completed),
    (Rescheduled, Draft),
    (Rescheduled, Rescheduled),
    (Rescheduled, Postponed),
    (Rescheduled, Cancelled),
    (Rescheduled, Completed),
    (Postponed, Draft),
    (Postponed, Rescheduled),
    (Postponed, Cancelled),
];

/// True if an event of a status can change to another.
pub fn is_allowed(from: &Open<EventStatus>, to: EventStatus) -> bool {
    from.known().is_some_and(|from| TRANSITIONS.contains(&(from, to)))
}

/// Statuses that an event of this status can change to; none for a status that this
/// release does not know.
pub fn allowed(from: &Open<EventStatus>) -> impl Iterator<Item = EventStatus> {
    TRANSITIONS.iter().filter(move |(before, _)| *from == *before).map(|(_, to)| *to)
}

/// True if the organizer may still change the event's fields.
pub fn is_editable(status: &Open<EventStatus>) -> bool {
    allowed(status).next().is_some()
}
