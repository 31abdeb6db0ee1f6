//! VTIMEZONE (RFC 5545, 3.6.5): the changes of the clocks that the times of a calendar
//! need, from the database that is linked in.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone, TimeZoneDatabase},
};

use super::{
    clocks::{Change, Kind},
    lines::Lines,
    season::{Season, seasons},
    stamp::is_utc,
};
use crate::schedule::Zone;

/// Days for which changes are looked at after the last time that is used. A yearly rule
/// shows in 28 years; a rule without end gets the listed changes of this time in zones
/// without a yearly rule (Cairo: the day after a last Thursday).
const AHEAD_DAYS: i64 = 40 * 366;

/// Changes before are written as of this time: readers fail on dates before 1900.
const FIRST: DateTime = DateTime::constant(1900, 1, 1, 0, 0, 0, 0);

/// Zones with the times that a calendar uses of each.
#[derive(Debug, Default)]
pub struct Zones {
    used: BTreeMap<String, Used>,
}

#[derive(Debug, Clone, Copy)]
struct Used {
    from: Timestamp,
    /// Last time, if there is one.
    to: Option<Timestamp>,
    /// The latest of the last times and of the times of change.
    known: Timestamp,
}

impl Zones {
    /// Adds times of a zone, with the time of the last change of their event. `to` is absent
    /// for a rule without end.
    pub fn add(&mut self, zone: &Zone, from: Timestamp, to: Option<Timestamp>, updated_at: Timestamp) {
        if is_utc(zone) {
            return;
        }
        let known = to.unwrap_or(from).max(updated_at);
        let used = self.used.entry(zone.to_string()).or_insert(Used { from, to, known });
        used.from = used.from.min(from);
        used.to = used.to.zip(to).map(|(one, other)| one.max(other));
        used.known = used.known.max(known);
    }

    /// Writes the zones in the order of their names.
    pub fn write(&self, lines: &mut Lines) {
        for (name, used) in &self.used {
            if let Ok(zone) = TimeZoneDatabase::bundled().get(name) {
                lines.raw("BEGIN:VTIMEZONE");
                lines.raw(&format!("TZID:{name}"));
                observances(&zone, *used, lines);
                lines.raw("END:VTIMEZONE");
            }
        }
    }
}

fn observances(zone: &TimeZone, used: Used, lines: &mut Lines) {
    let ahead = SignedDuration::from_hours(24 * AHEAD_DAYS);
    let far = used.known.checked_add(ahead).unwrap_or(Timestamp::MAX);
    let changes = changes(zone, used.from, far);
    let (listed, seasons) = seasons(&changes);
    let to = used.to.unwrap_or(far);
    let mut kinds: Vec<(&Kind, Vec<&Change>)> = Vec::new();
    for change in listed.iter().filter(|change| change.at <= to) {
        match kinds.iter_mut().find(|(kind, _)| **kind == change.kind) {
            Some((_, of_kind)) => of_kind.push(change),
            None => kinds.push((&change.kind, vec![change])),
        }
    }
    for (kind, of_kind) in kinds {
        observance(kind, &of_kind, None, lines);
    }
    // Both halves of the year, even if the second is not used: some readers expect a pair.
    if seasons.first().is_some_and(|season| season.first.at <= to) {
        for Season { first, rule } in &seasons {
            observance(&first.kind, &[first], Some(rule), lines);
        }
    }
}

/// Writes an observance with the local times at which it begins.
fn observance(kind: &Kind, changes: &[&Change], rule: Option<&str>, lines: &mut Lines) {
    let name = if kind.is_summer { "DAYLIGHT" } else { "STANDARD" };
    lines.raw(&format!("BEGIN:{name}"));
    let times: Vec<_> =
        changes.iter().map(|change| change.local.max(FIRST).strftime("%Y%m%dT%H%M%S").to_string()).collect();
    if let Some(time) = times.first() {
        lines.raw(&format!("DTSTART:{time}"));
    }
    // The first one too: ical.js 2.2.1 leaves DTSTART out where RDATE is stated.
    for time in times.iter().filter(|_| times.len() > 1) {
        lines.raw(&format!("RDATE:{time}"));
    }
    if let Some(rule) = rule {
        lines.raw(&format!("RRULE:{rule}"));
    }
    lines.raw(&format!("TZOFFSETFROM:{}", offset(kind.from)));
    lines.raw(&format!("TZOFFSETTO:{}", offset(kind.to)));
    lines.text("TZNAME", &kind.name);
    lines.raw(&format!("END:{name}"));
}

/// `+0200`, with seconds if it has any.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let rest = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{:02}{:02}{rest}", minutes / 60, minutes % 60)
}

/// The change that is in force at an instant, and those after it until another one.
fn changes(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Change> {
    let after = from.checked_add(SignedDuration::from_nanos(1)).unwrap_or(from);
    let first = match zone.preceding(after).next() {
        Some(transition) => change(zone, transition.timestamp()),
        None => unchanged(zone, from),
    };
    let following = zone.following(from).map(|transition| transition.timestamp());
    let following = following.take_while(|at| *at <= to).map(|at| change(zone, at));
    std::iter::once(first).chain(following).collect()
}

fn change(zone: &TimeZone, at: Timestamp) -> Change {
    let moment_before = at.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(at);
    let (before, after) = (zone.to_offset_info(moment_before), zone.to_offset_info(at));
    // Dublin and Casablanca state their winter as the exception, with an offset before that
    // of the summer. Readers expect the later offset of a pair in DAYLIGHT.
    let is_seasonal = before.dst().is_dst() || after.dst().is_dst();
    Change {
        at,
        local: before.offset().to_datetime(at),
        kind: Kind {
            from: before.offset(),
            to: after.offset(),
            name: after.abbreviation().to_owned(),
            is_summer: is_seasonal && after.offset() > before.offset(),
        },
    }
}

/// The observance of a zone whose clocks have not changed before an instant.
fn unchanged(zone: &TimeZone, at: Timestamp) -> Change {
    let info = zone.to_offset_info(at);
    let offset = info.offset();
    let name = info.abbreviation().to_owned();
    let first = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    let local = if offset.to_datetime(at) < first { FIRST } else { first };
    Change { at, local, kind: Kind { from: offset, to: offset, name, is_summer: false } }
}
