//! The schedule in requests.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::{
    http::{Change, Faults, Field, Patch, merged::onto},
    text::EventTitle,
};

use super::{ScheduleRequest, venue::parse_venue};
use crate::{
    schedule::{Changes, Schedule},
    view::ScheduleView,
};

/// The change of a schedule, of which `kept` are the fields that the request does not name
/// and `stored` has the keys of added dates; `None` means a fault.
pub(super) fn schedule(
    faults: &mut Faults,
    field: Patch<Map<String, Value>>,
    kept: Option<&Schedule>,
    stored: Option<&Schedule>,
) -> Option<Change<Schedule>> {
    Some(match faults.patch("/schedule", onto(field, kept.map(ScheduleView::of)), Ok)? {
        Change::Keep => Change::Keep,
        Change::Remove => Change::Remove,
        Change::Set(object) => Change::Set(schedule_of(faults, "/schedule", object, stored)?),
    })
}

/// Parses a schedule at a pointer.
pub(crate) fn schedule_of(
    faults: &mut Faults,
    at: &str,
    object: Map<String, Value>,
    stored: Option<&Schedule>,
) -> Option<Schedule> {
    let request: ScheduleRequest = faults.nested(at, object)?;
    let mut schedule = request.parse(stored).map_err(|inner| faults.within(at, inner)).ok()?;
    for (place, part) in schedule.parts.iter_mut().enumerate() {
        let pointer = format!("{at}/parts/{place}/changes");
        part.changes = changes_of(faults, &pointer, std::mem::take(&mut part.changes))?;
    }
    Some(schedule)
}

/// Fields of an event that a part of its schedule can change.
#[derive(Deserialize)]
struct ChangesRequest {
    title: Field<String>,
    venue: Field<Map<String, Value>>,
}

/// Parses the changes of a part into their stored form.
fn changes_of(faults: &mut Faults, at: &str, object: Changes) -> Option<Changes> {
    let fields: ChangesRequest = faults.nested(at, object)?;
    let title =
        faults.optional(&format!("{at}/title"), fields.title, |text: String| EventTitle::parse(&text));
    let pointer = format!("{at}/venue");
    let venue = match faults.optional(&pointer, fields.venue, Ok)? {
        Some(object) => Some(parse_venue(faults, &pointer, object)?),
        None => None,
    };
    let title = title?.map(|title| ("title".to_owned(), json!(title)));
    let venue = venue.map(|venue| ("venue".to_owned(), json!(venue)));
    Some(title.into_iter().chain(venue).collect())
}
