//! This group's part of an export: the events that a person organizes, and the ids of those
//! that the person has created.

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::{
    Failure,
    bus::batch::Delivery,
    id::EventId,
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    organizer::Organizer,
    vocabulary::EventStatus,
    walk::{CONCURRENCY, PAGE, Page, Walk},
};

use super::Listener;
use crate::{
    operations::{FINISH_EXPORT, PUT_EXPORT_LIST, PUT_EXPORT_PART},
    store::ListedEvent,
    view::EventView,
};

/// Name of this group's part.
const GROUP: &str = "events";

/// Place in the walk: events of the person, then created ones.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Place {
    Organized(String),
    Created(Option<String>),
}

enum Part {
    /// An event with all of its fields.
    Event(EventId),
    /// A page of ids.
    Created(Vec<EventId>),
}

impl Listener {
    /// Writes a person's events, each a part, and the ids of created ones, a part a page.
    /// Repeating it writes the same.
    pub(super) async fn export(&self, delivery: &Delivery, job: ExportJob) -> Result<(), Failure> {
        let job = &job;
        let organizer = &Organizer::User(job.user_id);
        let list = |place| async move {
            let after = match place {
                Some(Place::Created(after)) => {
                    let found = self.store.list_events_made_by(job.user_id, after, PAGE).await?;
                    let Page { items, next } = Page::of(found, PAGE, |last: &ListedEvent| last.sort.clone());
                    let ids: Vec<EventId> = items.into_iter().map(|listed| listed.id).collect();
                    let items = if ids.is_empty() { Vec::new() } else { vec![Part::Created(ids)] };
                    return Ok(Page { items, next: next.map(|after| Place::Created(Some(after))) });
                }
                Some(Place::Organized(after)) => Some(after),
                None => None,
            };
            let found = self.store.list_events_of(organizer, EventStatus::ALL, after, PAGE).await?;
            let Page { items, next } = Page::of(found, PAGE, |last: &ListedEvent| last.sort.clone());
            let items = items.into_iter().map(|listed| Part::Event(listed.id)).collect();
            Ok(Page { items, next: Some(next.map_or(Place::Created(None), Place::Organized)) })
        };
        match self.walker.walk(delivery, CONCURRENCY, list, |part| self.put(job, part)).await? {
            Walk::Finished => finish_part(&self.table, &FINISH_EXPORT, job, GROUP).await,
            Walk::Continued => Ok(()),
        }
    }

    async fn put(&self, job: &ExportJob, part: Part) -> Result<(), Failure> {
        let (operation, name, data) = match part {
            Part::Event(id) => {
                let Some(event) = self.store.get_event(id).await? else { return Ok(()) };
                let view = EventView::new(event, self.context.clock.now(), true);
                (&PUT_EXPORT_PART, format!("{GROUP}.event.{id}"), json!({ "event": view }))
            }
            Part::Created(ids) => {
                let end = ids.last().map(ToString::to_string).unwrap_or_default();
                (&PUT_EXPORT_LIST, format!("{GROUP}.created.{end}"), json!({ "created_event_ids": ids }))
            }
        };
        put_part(&self.table, operation, &ExportPart::new(job, name, &data)?).await
    }
}
