//! VEVENT of a part, and of each date that differs from it.

use jiff::Timestamp;

use super::{
    lines::{Lines, quoted},
    plan::{Plan, plans},
    stamp::{property, utc},
    twins::Twins,
    zone::Zones,
};
use crate::{
    calendar::happening::{Happening, Shown, Status},
    schedule::{self, Exception, Length, Local, Ruled},
};

/// The components of an event.
#[derive(Debug, Clone, Copy)]
pub struct Components<'a> {
    /// Event.
    pub happening: &'a Happening,
    /// Host name of the UIDs.
    pub host: &'a str,
}

/// Times of a component.
struct Times {
    start: Local,
    duration: Length,
    cancelled: bool,
}

impl Components<'_> {
    /// Writes the components, and states the times of their zone that they use.
    pub fn write(&self, lines: &mut Lines, zones: &mut Zones) {
        let (plans, twins) = plans(&self.happening.schedule);
        for plan in plans {
            self.part(&plan, &twins, lines, zones);
        }
    }

    fn part(&self, plan: &Plan, twins: &Twins, lines: &mut Lines, zones: &mut Zones) {
        let schedule = &self.happening.schedule;
        let Some(part) = schedule.parts.get(plan.part) else { return };
        let times = Times { start: plan.start, duration: part.duration, cancelled: false };
        let differing = self.differing(plan, twins);
        if let ([(_, exception)], true) = (&differing[..], plan.is_single()) {
            // A single date has no RECURRENCE-ID: it has the changes itself.
            let times = changed(&times, exception);
            self.uses(zones, times.start, times.duration, Some(times.start));
            self.begin(plan.part, &times, lines);
            self.end(&times, &self.happening.shown(plan.part, Some(exception)), lines);
            return;
        }
        self.uses(zones, plan.start, part.duration, plan.last);
        for start in &plan.added {
            self.uses(zones, *start, part.duration, plan.last);
        }
        self.begin(plan.part, &times, lines);
        if let Some(rule) = &plan.rule {
            lines.raw(&format!("RRULE:{rule}"));
        }
        // One date a line: some readers take the first of a list only.
        let added = if plan.is_single() { &Vec::new() } else { &plan.added };
        for (name, starts) in [("RDATE", added), ("EXDATE", &plan.skipped)] {
            for start in starts {
                lines.raw(&property(name, &schedule.time_zone, start.like(plan.start)));
            }
        }
        self.end(&times, &self.happening.shown(plan.part, None), lines);
        for (start, exception) in differing {
            let times = changed(&Times { start, duration: part.duration, cancelled: false }, exception);
            self.uses(zones, times.start, times.duration, Some(times.start));
            self.begin(plan.part, &times, lines);
            lines.raw(&property("RECURRENCE-ID", &schedule.time_zone, start.like(plan.start)));
            self.end(&times, &self.happening.shown(plan.part, Some(exception)), lines);
        }
    }

    /// Starts of a part with their exceptions, in order of key. RECURRENCE-ID is the present
    /// start of a key: a change of the hours keeps exceptions.
    fn differing(&self, plan: &Plan, twins: &Twins) -> Vec<(Local, &Exception)> {
        let Happening { schedule, exceptions, .. } = self.happening;
        let of_part = |ruled: &Ruled| {
            let is_shown = !schedule.skipped.contains(&ruled.key)
                && (!twins.is_hidden(ruled.key) || twins.standing_for(ruled.key).is_some());
            let start = twins.standing_for(ruled.key).unwrap_or(ruled.start);
            (ruled.part == plan.part && is_shown && !plan.skipped.contains(&start))
                .then_some((ruled.key, start))
        };
        let given = schedule.given(exceptions.keys().copied());
        let given = given.iter().filter_map(of_part);
        given.filter_map(|(key, start)| Some((start, exceptions.get(&key)?))).collect()
    }

    /// States the times from a start to the end of the last one.
    fn uses(&self, zones: &mut Zones, start: Local, duration: Length, last: Option<Local>) {
        let zone = &self.happening.schedule.time_zone;
        if let (Local::Time(from), Some(at)) = (start, self.instant(start)) {
            let end = |last: Local| duration.end(zone, last.datetime(), self.instant(last)?);
            let to = last.map(|last| end(last.max(Local::Time(from))).unwrap_or(at));
            zones.add(zone, at, to, self.happening.updated_at);
        }
    }

    fn begin(&self, part: usize, times: &Times, lines: &mut Lines) {
        let Happening { id, sequence, created_at, updated_at, .. } = self.happening;
        let number = if part == 0 { String::new() } else { format!(".{}", part + 1) };
        lines.raw("BEGIN:VEVENT");
        lines.text("UID", &format!("{id}{number}@{}", self.host));
        lines.raw(&format!("SEQUENCE:{sequence}"));
        // The time of the change, not of the writing: a feed that did not change has the
        // same bytes.
        lines.raw(&format!("DTSTAMP:{}", utc(*updated_at)));
        lines.raw(&format!("CREATED:{}", utc(*created_at)));
        lines.raw(&format!("LAST-MODIFIED:{}", utc(*updated_at)));
        let zone = &self.happening.schedule.time_zone;
        lines.raw(&property("DTSTART", zone, times.start));
        match times.start {
            Local::Day(first) => {
                let end = self.instant(times.start).and_then(|at| {
                    Some(zone.clock(times.duration.end(zone, times.start.datetime(), at)?).date())
                });
                let end = end.filter(|end| *end > first).or(first.tomorrow().ok());
                lines.raw(&property("DTEND", zone, Local::Day(end.unwrap_or(first))));
            }
            // DURATION and not DTEND: nominal days and exact hours are what a schedule has,
            // and an end in an hour that comes twice has no local form.
            Local::Time(_) if times.duration != Length::NONE => {
                lines.raw(&format!("DURATION:{}", times.duration));
            }
            Local::Time(_) => {}
        }
    }

    fn instant(&self, start: Local) -> Option<Timestamp> {
        self.happening.schedule.time_zone.instant(start.datetime())
    }

    fn end(&self, times: &Times, shown: &Shown, lines: &mut Lines) {
        let happening = self.happening;
        lines.text("SUMMARY", &shown.title);
        if let Some(text) = happening.description.as_ref().or(happening.summary.as_ref()) {
            lines.text("DESCRIPTION", text);
        }
        if let Some(place) = &shown.place {
            if let Some(line) = place.line() {
                lines.text("LOCATION", &line);
            }
            if let Some((latitude, longitude)) = place.point() {
                lines.raw(&format!("GEO:{latitude:.6};{longitude:.6}"));
            }
        }
        let status = match happening.status {
            Status::Cancelled => "CANCELLED",
            _ if times.cancelled => "CANCELLED",
            Status::Postponed => "TENTATIVE",
            Status::Scheduled | Status::Rescheduled | Status::Completed => "CONFIRMED",
        };
        lines.raw(&format!("STATUS:{status}"));
        // An organizer has an address in the format; none of theirs is public.
        lines.raw(&format!("ORGANIZER;CN={}:invalid:nomail", quoted(&happening.organizer)));
        lines.texts("CATEGORIES", &happening.keywords());
        lines.uri("URL", &happening.page);
        for image in &happening.images {
            lines.uri("IMAGE;VALUE=URI", image);
        }
        lines.raw("END:VEVENT");
    }
}

/// The times of a date with its exception.
fn changed(times: &Times, exception: &Exception) -> Times {
    Times {
        start: exception.start.map_or(times.start, |start| start.like(times.start)),
        duration: exception.duration.unwrap_or(times.duration),
        cancelled: exception.status == Some(schedule::Status::Cancelled),
    }
}
