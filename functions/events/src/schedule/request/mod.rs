//! A schedule in requests, parsed into a valid one with every fault at once.

mod part;

use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{Faults, Field},
    text::{Invalid, TimeZoneName},
};
use utoipa::ToSchema;

pub use self::part::PartRequest;
use super::{
    MAX_ADDED, MAX_PARTS, MAX_SKIPPED, Schedule, fault::Fault, key::Key, local::Local, part::Part, zone::Zone,
};

/// Schedule of an event.
#[derive(Deserialize, ToSchema)]
pub struct ScheduleRequest {
    /// IANA time zone name.
    #[schema(value_type = TimeZoneName)]
    time_zone: Field<String>,
    /// True if the event has dates and no times. Default: false.
    #[schema(value_type = Option<bool>)]
    all_day: Field<bool>,
    /// 1 to 20 parts in order of `from`. A single date is a part without a rule.
    #[schema(value_type = Vec<PartRequest>)]
    parts: Field<Vec<Map<String, Value>>>,
    /// Further local starts, at most 100.
    #[schema(value_type = Option<Vec<String>>, examples("2026-10-24T11:00"))]
    added: Field<Vec<String>>,
    /// Keys of occurrences that do not take place, at most 400.
    #[schema(value_type = Option<Vec<String>>, examples("2026-12-29"))]
    skipped: Field<Vec<String>>,
}

impl ScheduleRequest {
    /// Parses a schedule; pointers of faults begin at it. Added dates keep the keys that
    /// they have in the stored schedule.
    pub fn parse(self, stored: Option<&Schedule>) -> Result<Schedule, Faults> {
        let mut faults = Faults::default();
        let zone = faults.required("/time_zone", self.time_zone, |text| parsed::<Zone>(&text));
        let all_day = faults.optional("/all_day", self.all_day, Ok).flatten().unwrap_or_default();
        let parts = faults.required("/parts", self.parts, |parts| match parts.len() {
            0 => Err(Fault::Required.into()),
            1..=MAX_PARTS => Ok(parts),
            _ => Err(Fault::InvalidParts.into()),
        });
        let parts = parts.and_then(|objects| {
            let count = objects.len();
            let parts = objects.into_iter().enumerate().filter_map(|(index, object)| {
                let at = format!("/parts/{index}");
                faults.nested::<PartRequest>(&at, object)?.parse(&at, zone.as_ref(), all_day, &mut faults)
            });
            let parts: Vec<Part> = parts.collect();
            if parts.len() < count {
                return None;
            }
            if !in_order(&parts) {
                faults.add("/parts", Fault::InvalidParts.into());
            }
            Some(parts)
        });
        let limit = "A schedule has at most 100 added dates.";
        let starts =
            list(&mut faults, ("/added", self.added), (MAX_ADDED, limit), |text| start(text, all_day));
        let limit = "A schedule has at most 400 skipped dates.";
        let skipped = list(&mut faults, ("/skipped", self.skipped), (MAX_SKIPPED, limit), parsed::<Key>);
        let (time_zone, parts, starts, skipped) = faults.done((zone, parts, starts, skipped))?;
        let skipped = skipped.into_iter().collect();
        let mut schedule = Schedule { time_zone, all_day, parts, added: Vec::new(), skipped };
        schedule.place_added(starts, stored.map_or(&[][..], |stored| &stored.added));
        Ok(schedule)
    }
}

fn list<T>(
    faults: &mut Faults,
    (pointer, field): (&str, Field<Vec<String>>),
    (most, limit): (usize, &'static str),
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Option<Vec<T>> {
    let texts = faults.optional(pointer, field, |texts| {
        if texts.len() > most { Err(Fault::TooManyOccurrences(limit).into()) } else { Ok(texts) }
    });
    let texts = texts?.unwrap_or_default().into_iter().enumerate();
    let values: Vec<Option<T>> = texts
        .map(|(index, text)| {
            parse(&text).map_err(|invalid| faults.add(format!("{pointer}/{index}"), invalid)).ok()
        })
        .collect();
    values.into_iter().collect()
}

fn parsed<T: FromStr<Err = Fault>>(text: &str) -> Result<T, Invalid> {
    text.parse().map_err(Invalid::from)
}

fn start(text: &str, all_day: bool) -> Result<Local, Invalid> {
    let start: Local = parsed(text)?;
    if matches!(start, Local::Day(_)) == all_day { Ok(start) } else { Err(Fault::InvalidStart.into()) }
}

/// True if each part begins and starts before the next.
pub(super) fn in_order(parts: &[Part]) -> bool {
    parts.windows(2).all(|pair| match pair {
        [part, next] => part.from < next.from && (part.rule.is_none() || part.start.date() < next.from),
        _ => true,
    })
}
