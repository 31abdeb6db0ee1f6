//! The schedule in requests.

use serde_json::{Map, Value};
use shared::http::{Change, Faults, Patch, merged::onto};

use super::ScheduleRequest;
use crate::{schedule::Schedule, view::ScheduleView};

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
    request.parse(stored).map_err(|inner| faults.within(at, inner)).ok()
}
