//! The group's endpoints, one a file.

mod block_event;
mod cancel_event;
mod cancel_occurrence;
mod change_event;
mod complete_event;
mod create_event;
mod delete_event;
mod drafts;
mod duplicate_event;
mod find_event;
mod get_event;
mod get_event_calendar;
mod get_health;
mod get_linked_data;
mod get_occurrence;
mod list_categories;
mod list_managed_events;
mod list_occurrences;
mod list_organization_events;
mod list_user_events;
mod moderate;
mod move_event;
mod occurrences;
mod organizer_events;
mod postpone_event;
mod publish_event;
mod replace_categories;
mod replace_event;
mod reschedule_event;
mod restore_occurrence;
mod schedule_options;
mod search;
mod skip_occurrence;
mod transfer_event;
mod unblock_event;
mod unpublish_event;
mod update_event;
mod update_occurrence;

pub use search::openapi as search_openapi;
pub(crate) use search::router as search_router;

use crate::state::Events;

shared::endpoints! {
    group events with state Events;
    /// Events of organisations and of people: drafts, publication and recurring schedules.
    ///
    /// 1. `POST /api/v1/events` creates a draft.
    /// 2. `POST /api/v1/events/{event_id}/publish` publishes it.
    /// 3. `GET /api/v1/events/{event_id}/occurrences` lists its dates.
    tag events;
    /// Categories of events.
    ///
    /// 1. `GET /api/v1/event-categories` lists the categories.
    /// 2. `PUT /api/v1/event-categories` replaces the list; administrators only.
    /// 3. `POST /api/v1/events` creates an event with up to three categories.
    tag event_categories;
    create_event, list_managed_events, find_event, get_event, replace_event, update_event, delete_event,
    publish_event, unpublish_event, cancel_event, postpone_event, reschedule_event, complete_event,
    duplicate_event, transfer_event, block_event, unblock_event,
    list_occurrences, get_occurrence, update_occurrence, skip_occurrence, cancel_occurrence,
    restore_occurrence, get_event_calendar, get_linked_data, get_health,
    list_organization_events, list_user_events, list_categories, replace_categories;
}
