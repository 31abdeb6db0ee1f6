//! iCalendar (RFC 5545) with the properties of RFC 7986: one event, or the events of a
//! feed.
//!
//! Each part of a schedule is a component of its own, since the format has one rule a
//! component. Its UID is `{event}@{host}`, and `{event}.{k}@{host}` for the part `k` from
//! the second on.
//!
//! | module | content |
//! |---|---|
//! | `lines` | content lines: folding, escaping |
//! | `plan` | the dates of a part as DTSTART, RRULE, RDATE and EXDATE |
//! | `plain` | rules that readers understand alike |
//! | `starts` | starts that a part gives by its own rule |
//! | `twins` | two dates at one instant, of which the format would show both |
//! | `component` | VEVENT of a part, and of each date that differs |
//! | `stamp` | values of times |
//! | `zone` | VTIMEZONE |
//! | `clocks` | a change of the clocks |
//! | `season` | the yearly rule that the end of a zone's changes follows |

mod clocks;
mod component;
mod lines;
mod plain;
mod plan;
mod season;
mod stamp;
mod starts;
mod twins;
mod zone;

use super::Happening;
use component::Components;
use lines::Lines;
use zone::Zones;

/// Names of a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// Name that readers show.
    pub name: &'a str,
    /// Host name, the right part of each UID: the same for an event in every calendar.
    pub host: &'a str,
}

/// Writes a calendar of events, in their order. Equal events give equal bytes: times of
/// change are those of the events, not of the writing.
pub fn write(calendar: &Calendar<'_>, happenings: &[Happening]) -> String {
    let mut events = Lines::default();
    let mut zones = Zones::default();
    for happening in happenings {
        Components { happening, host: calendar.host }.write(&mut events, &mut zones);
    }
    let mut lines = Lines::default();
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.raw("PRODID:-//Agora//Events//EN");
    lines.raw("CALSCALE:GREGORIAN");
    lines.text("NAME", calendar.name);
    // Google, Apple and Outlook read the older name only.
    lines.text("X-WR-CALNAME", calendar.name);
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION:PT6H");
    lines.raw("X-PUBLISHED-TTL:PT6H");
    zones.write(&mut lines);
    lines.append(&events);
    lines.raw("END:VCALENDAR");
    lines.finish()
}
