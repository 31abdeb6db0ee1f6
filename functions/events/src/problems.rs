//! The problems of this group, with their members.

use serde_json::{Value, json};
pub(crate) use shared::membership::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED};
use shared::{
    http::{
        Problem,
        problem::{Named, Refusal},
    },
    vocabulary::{EventStatus, Open},
};

use crate::transitions::allowed;

/// A slug of another event.
pub(crate) const SLUG_TAKEN: Named = Named::new(409, "event_slug_taken", "Another event has this slug.")
    .explained(
        "Another event has this slug.",
        "Choose another slug, or leave it out: the platform then derives a free one from the title.",
    );
/// A change of an event that has ended.
pub(crate) const EVENT_OVER: Named = Named::new(409, "event_over", "The event is cancelled or completed.")
    .explained(
        "A cancelled or completed event cannot be changed.",
        "Duplicate the event, and change the copy.",
    );
/// See [`NotAllowed`].
const EVENT_INVALID_TRANSITION: Named =
    Named::new(409, "event_invalid_transition", "The event cannot change to the requested status.").explained(
        "The event's status does not allow the command. `event_status` has the status and `allowed` the statuses that can follow.",
        "Get the event, and send a command that its status allows.",
    );
/// An occurrence that the schedule does not have.
pub(crate) const OCCURRENCE_NOT_IN_SERIES: Named =
    Named::new(404, "occurrence_not_in_series", "The event has no occurrence of this key.").explained(
        "The schedule does not give an occurrence of this key, or it is skipped.",
        "List the occurrences of the event. A key is the local date that the rule gave, such as 2026-10-27.",
    );
/// A change of a category that events may have.
pub(crate) const CATEGORY_IN_USE: Named =
    Named::new(409, "event_category_in_use", "A category cannot be removed.").explained(
        "The new list lacks a category of the present one, which events may have.",
        "Keep the category in the list, and set `retired`: new events cannot have it.",
    );

/// The status of an event that cannot make a transition.
#[derive(Debug)]
pub struct NotAllowed(pub(crate) Open<EventStatus>);

impl Refusal for NotAllowed {
    const NAMED: Named = EVENT_INVALID_TRANSITION;

    fn explain(self, problem: Problem) -> Problem {
        let allowed: Vec<EventStatus> = allowed(&self.0).collect();
        problem.member("event_status", json!(self.0)).member("allowed", json!(allowed))
    }

    fn members() -> Value {
        json!({
            "event_status": {
                "type": "string",
                "description": "With `event_invalid_transition`: current status of the event.",
                "examples": ["cancelled"],
            },
            "allowed": {
                "type": "array",
                "description": "With `event_invalid_transition`: statuses that the event can change to.",
                "items": { "type": "string" },
            },
        })
    }
}
