//! A part of a schedule in requests.

use serde::Deserialize;
use serde_json::json;
use shared::http::{Faults, Field};
use utoipa::{
    ToSchema,
    openapi::{
        Object,
        schema::{ObjectBuilder, Type},
    },
};

use super::{parsed, start};
use crate::schedule::{
    MAX_COUNT,
    exchange::length_between,
    expand::Days,
    fault::Fault,
    length::Length,
    local::{self, Local},
    part::{Changes, Part},
    rule::Rule,
    zone::Zone,
};

/// Part of a schedule: one rule from a date on.
#[derive(Deserialize, ToSchema)]
pub struct PartRequest {
    /// First local date of the part. Default: the date of `start`.
    #[schema(value_type = Option<String>, examples("2026-10-06"))]
    from: Field<String>,
    /// First start: local date-time without offset, or a date if the event is all-day. It
    /// must be a date of the rule.
    #[schema(value_type = String, examples("2026-10-06T19:00"))]
    start: Field<String>,
    /// ISO 8601 duration up to 366 days. Default: none, or one day if the event is all-day.
    #[schema(value_type = Option<String>, examples("PT2H"))]
    duration: Field<String>,
    /// Local end of the first date, instead of `duration`.
    #[schema(value_type = Option<String>, examples("2026-10-06T21:00"))]
    end: Field<String>,
    /// Last day of the first date, inclusive, instead of `duration`: all-day events only.
    #[schema(value_type = Option<String>, examples("2026-10-07"))]
    last_day: Field<String>,
    /// Recurrence rule of RFC 5545 without COUNT and UNTIL.
    #[schema(value_type = Option<String>, examples("FREQ=WEEKLY;BYDAY=TU"))]
    rule: Field<String>,
    /// Last local date, inclusive.
    #[schema(value_type = Option<String>, examples("2027-06-30"))]
    until: Field<String>,
    /// Number of dates of the rule, 1 to 730, including skipped ones.
    #[schema(value_type = Option<u32>, examples(40))]
    count: Field<u32>,
    /// Fields of the event that differ from this date on.
    #[schema(schema_with = changes, required = false)]
    changes: Field<Changes>,
}

/// Schema of the changes, for which utoipa makes no example as a whole.
fn changes() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Fields of the event that differ from this date on: `title` and `venue`."))
        .examples([json!({ "title": "Late evening" })])
        .build()
}

/// Statement of the end of the first date.
enum End {
    Nothing,
    Duration(Length),
    At(Local),
    LastDay(Local),
}

impl PartRequest {
    pub(super) fn parse(
        self,
        at: &str,
        zone: Option<&Zone>,
        all_day: bool,
        faults: &mut Faults,
    ) -> Option<Part> {
        let at = |field: &str| format!("{at}/{field}");
        let day = |text: String| local::date(&text).ok_or_else(|| Fault::InvalidStart.into());
        let first = faults.required(&at("start"), self.start, |text: String| start(&text, all_day));
        let stated = ends(faults, &at, (self.duration, self.end, self.last_day), all_day);
        let rule = faults.optional(&at("rule"), self.rule, |text: String| parsed::<Rule>(&text));
        let from = faults.optional(&at("from"), self.from, day);
        let until = faults.optional(&at("until"), self.until, day);
        let count = faults.optional(&at("count"), self.count, |count| match u16::try_from(count) {
            Ok(count) if (1..=MAX_COUNT).contains(&count) => Ok(count),
            Ok(_) | Err(_) => Err(Fault::TooManyOccurrences("A count is 1 to 730.").into()),
        });
        let changes = faults.optional(&at("changes"), self.changes, Ok);
        let (first, rule, from, until, count) = (first?, rule?, from?, until?, count?);
        let duration = stated.and_then(|stated| {
            let (field, length) = length(stated, first, zone, all_day);
            length.map_err(|fault| faults.add(at(field), fault.into())).ok()
        });
        if rule.is_some() && from.is_some_and(|from| from > first.date()) {
            faults.add(at("from"), Fault::InvalidParts.into());
        }
        if rule.as_ref().is_some_and(|rule| Days::new(rule, first.date()).next() != Some(first.date())) {
            faults.add(at("start"), Fault::StartNotInRule.into());
        }
        let twice = until.is_some() && count.is_some();
        let endless = rule.is_none() && (until.is_some() || count.is_some());
        if twice || endless || until.is_some_and(|until| until < first.date()) {
            faults.add(at(if until.is_some() { "until" } else { "count" }), Fault::InvalidEnd.into());
        }
        Some(Part {
            from: from.unwrap_or(first.date()),
            start: first,
            duration: duration?,
            rule,
            until,
            count,
            changes: changes?.unwrap_or_default(),
        })
    }
}

/// The statement of the end, at most one; `None` means a fault.
fn ends(
    faults: &mut Faults,
    at: &impl Fn(&str) -> String,
    (duration, end, last_day): (Field<String>, Field<String>, Field<String>),
    all_day: bool,
) -> Option<End> {
    let duration = faults.optional(&at("duration"), duration, |text: String| {
        let length: Length = parsed(&text)?;
        if all_day && !length.is_whole_days() {
            return Err(Fault::InvalidDuration.into());
        }
        Ok(End::Duration(length))
    });
    let end = faults.optional(&at("end"), end, |text: String| {
        if all_day { Err(Fault::InvalidEnd.into()) } else { start(&text, false).map(End::At) }
    });
    let last_day = faults.optional(&at("last_day"), last_day, |text: String| {
        if all_day { start(&text, true).map(End::LastDay) } else { Err(Fault::InvalidEnd.into()) }
    });
    match (duration?, end?, last_day?) {
        (stated, None, None) | (None, stated, None) | (None, None, stated) => {
            Some(stated.unwrap_or(End::Nothing))
        }
        (_, end, _) => {
            faults.add(at(if end.is_some() { "end" } else { "last_day" }), Fault::InvalidEnd.into());
            None
        }
    }
}

/// The duration of a statement, and the field of that statement.
fn length(
    stated: End,
    first: Local,
    zone: Option<&Zone>,
    all_day: bool,
) -> (&'static str, Result<Length, Fault>) {
    match (stated, zone) {
        (End::Nothing, _) => ("duration", Ok(if all_day { Length::days(1) } else { Length::NONE })),
        (End::Duration(length), _) => ("duration", Ok(length)),
        (End::At(end), Some(zone)) => ("end", length_between(first, end, zone)),
        // The zone has a fault.
        (End::At(_), None) => ("end", Ok(Length::NONE)),
        (End::LastDay(last), _) => {
            let end = last.date().tomorrow().map_err(|_| Fault::InvalidEnd);
            ("last_day", end.and_then(|end| Length::of_days(first.date(), end)))
        }
    }
}
