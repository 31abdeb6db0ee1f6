//! A schedule in requests, parsed into a valid one with every fault at once.

mod part;

use serde::Deserialize;
use utoipa::ToSchema;

pub use self::part::PartRequest;
use super::{
    MAX_ADDED, MAX_PARTS, MAX_SKIPPED, Schedule,
    fault::{Fault, Faults},
    key::Key,
    local::Local,
    part::Part,
    zone::Zone,
};

/// Schedule of an event.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ScheduleRequest {
    /// IANA time zone name.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// True if the event has dates and no times. Default: false.
    pub all_day: Option<bool>,
    /// 1 to 20 parts in order of `from`. A single date is a part without a rule.
    pub parts: Option<Vec<PartRequest>>,
    /// Further local starts, at most 100.
    #[schema(examples("2026-10-24T11:00"))]
    pub added: Option<Vec<String>>,
    /// Keys of occurrences that do not take place, at most 400.
    #[schema(examples("2026-12-29"))]
    pub skipped: Option<Vec<String>>,
}

impl ScheduleRequest {
    /// Parses a schedule at a JSON pointer. Added dates keep the keys that they have in the
    /// stored schedule.
    pub fn parse(&self, at: &str, stored: Option<&Schedule>) -> Result<Schedule, Faults> {
        let mut faults = Faults::default();
        let zone = required(self.time_zone.as_deref(), str::parse::<Zone>);
        let zone = faults.keep(format!("{at}/time_zone"), zone);
        let all_day = self.all_day.unwrap_or_default();
        let mut parts = Vec::new();
        match self.parts.as_deref() {
            None | Some([]) => faults.add(format!("{at}/parts"), Fault::Required),
            Some(requests) if requests.len() > MAX_PARTS => {
                faults.add(format!("{at}/parts"), Fault::InvalidParts);
            }
            Some(requests) => {
                for (index, request) in requests.iter().enumerate() {
                    let at = format!("{at}/parts/{index}");
                    parts.extend(request.parse(&at, zone.as_ref(), all_day, &mut faults));
                }
                if parts.len() == requests.len() && !in_order(&parts) {
                    faults.add(format!("{at}/parts"), Fault::InvalidParts);
                }
            }
        }
        let added = self.added.as_deref().unwrap_or_default();
        if added.len() > MAX_ADDED {
            let limit = Fault::TooManyOccurrences("A schedule has at most 100 added dates.");
            faults.add(format!("{at}/added"), limit);
        }
        let mut starts = Vec::new();
        for (index, text) in added.iter().take(MAX_ADDED).enumerate() {
            starts.extend(faults.keep(format!("{at}/added/{index}"), start(text, all_day)));
        }
        let skipped = self.skipped.as_deref().unwrap_or_default();
        if skipped.len() > MAX_SKIPPED {
            let limit = Fault::TooManyOccurrences("A schedule has at most 400 skipped dates.");
            faults.add(format!("{at}/skipped"), limit);
        }
        let mut keys = std::collections::BTreeSet::new();
        for (index, text) in skipped.iter().take(MAX_SKIPPED).enumerate() {
            keys.extend(faults.keep(format!("{at}/skipped/{index}"), text.parse::<Key>()));
        }
        let schedule =
            zone.map(|time_zone| Schedule { time_zone, all_day, parts, added: Vec::new(), skipped: keys });
        let mut schedule = faults.done(schedule)?;
        schedule.place_added(starts, stored.map_or(&[][..], |stored| &stored.added));
        Ok(schedule)
    }
}

fn required<'a, T>(
    text: Option<&'a str>,
    parse: impl FnOnce(&'a str) -> Result<T, Fault>,
) -> Result<T, Fault> {
    parse(text.ok_or(Fault::Required)?)
}

fn start(text: &str, all_day: bool) -> Result<Local, Fault> {
    let start: Local = text.parse()?;
    if matches!(start, Local::Day(_)) == all_day { Ok(start) } else { Err(Fault::InvalidStart) }
}

/// True if each part begins and starts before the next.
pub(super) fn in_order(parts: &[Part]) -> bool {
    parts.windows(2).all(|pair| match pair {
        [part, next] => part.from < next.from && (part.rule.is_none() || part.start.date() < next.from),
        _ => true,
    })
}
