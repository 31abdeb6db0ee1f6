//! A part of a schedule in requests.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{required, start};
use crate::schedule::{
    MAX_COUNT,
    exchange::length_between,
    expand::Days,
    fault::{Fault, Faults},
    length::Length,
    local::{self, Local},
    part::{Changes, Part},
    rule::Rule,
    zone::Zone,
};

/// Part of a schedule: one rule from a date on.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct PartRequest {
    /// First local date of the part. Default: the date of `start`.
    #[schema(examples("2026-10-06"))]
    pub from: Option<String>,
    /// First start: local date-time without offset, or a date if the event is all-day. It
    /// is a date that the rule gives.
    #[schema(examples("2026-10-06T19:00"))]
    pub start: Option<String>,
    /// ISO 8601 duration up to 366 days. Default: none, or one day if the event is all-day.
    #[schema(examples("PT2H"))]
    pub duration: Option<String>,
    /// Local end of the first date, instead of `duration`.
    #[schema(examples("2026-10-06T21:00"))]
    pub end: Option<String>,
    /// Last day of the first date, inclusive, instead of `duration`: all-day events only.
    #[schema(examples("2026-10-07"))]
    pub last_day: Option<String>,
    /// Recurrence rule of RFC 5545 without COUNT and UNTIL.
    #[schema(examples("FREQ=WEEKLY;BYDAY=TU"))]
    pub rule: Option<String>,
    /// Last local date, inclusive.
    #[schema(examples("2027-06-30"))]
    pub until: Option<String>,
    /// Number of dates that the rule gives, 1 to 730; skipped ones count.
    #[schema(examples(40))]
    pub count: Option<u32>,
    /// Fields of the event that differ from this date on.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub changes: Changes,
}

impl PartRequest {
    pub(super) fn parse(
        &self,
        at: &str,
        zone: Option<&Zone>,
        all_day: bool,
        faults: &mut Faults,
    ) -> Option<Part> {
        let first = required(self.start.as_deref(), |text| start(text, all_day));
        let first = faults.keep(format!("{at}/start"), first)?;
        let duration = self.duration(at, first, zone, faults);
        let rule = self.rule.as_deref().map(str::parse::<Rule>).transpose();
        let rule = faults.keep(format!("{at}/rule"), rule)?;
        let mut date = |field: &str, text: &Option<String>| {
            let date = text.as_deref().map(|text| local::date(text).ok_or(Fault::InvalidStart)).transpose();
            faults.keep(format!("{at}/{field}"), date)
        };
        let from = date("from", &self.from);
        let until = date("until", &self.until);
        if rule.is_some() && from.flatten().is_some_and(|from| from > first.date()) {
            faults.add(format!("{at}/from"), Fault::InvalidParts);
        }
        if rule.as_ref().is_some_and(|rule| Days::new(rule, first.date()).next() != Some(first.date())) {
            faults.add(format!("{at}/start"), Fault::StartNotInRule);
        }
        let ends = self.until.is_some() || self.count.is_some();
        let twice = self.until.is_some() && self.count.is_some();
        if twice || (ends && rule.is_none()) || until.flatten().is_some_and(|until| until < first.date()) {
            let field = if self.until.is_some() { "until" } else { "count" };
            faults.add(format!("{at}/{field}"), Fault::InvalidEnd);
        }
        let count = self.count.map(|count| match u16::try_from(count) {
            Ok(count) if (1..=MAX_COUNT).contains(&count) => Ok(count),
            Ok(_) | Err(_) => Err(Fault::TooManyOccurrences("A count is 1 to 730.")),
        });
        let count = faults.keep(format!("{at}/count"), count.transpose())?;
        Some(Part {
            from: from?.unwrap_or(first.date()),
            start: first,
            duration: duration?,
            rule,
            until: until?,
            count,
            changes: self.changes.clone(),
        })
    }

    /// The duration, from whichever field states it.
    fn duration(&self, at: &str, first: Local, zone: Option<&Zone>, faults: &mut Faults) -> Option<Length> {
        let all_day = matches!(first, Local::Day(_));
        let stated = (self.duration.as_deref(), self.end.as_deref(), self.last_day.as_deref());
        let (field, length) = match stated {
            (None, None, None) => ("duration", Ok(if all_day { Length::days(1) } else { Length::NONE })),
            (Some(text), None, None) => (
                "duration",
                match text.parse::<Length>() {
                    Ok(length) if all_day && !length.is_whole_days() => Err(Fault::InvalidDuration),
                    parsed => parsed,
                },
            ),
            (None, Some(text), None) if !all_day => (
                "end",
                start(text, false).and_then(|end| match zone {
                    Some(zone) => length_between(first, end, zone),
                    None => Ok(Length::NONE),
                }),
            ),
            (None, None, Some(text)) if all_day => (
                "last_day",
                start(text, true).and_then(|last| {
                    let end = last.date().tomorrow().map_err(|_| Fault::InvalidEnd)?;
                    Length::of_days(first.date(), end)
                }),
            ),
            (_, end, _) => (if end.is_some() { "end" } else { "last_day" }, Err(Fault::InvalidEnd)),
        };
        faults.keep(format!("{at}/{field}"), length)
    }
}
