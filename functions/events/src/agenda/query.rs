//! Queries of the index for the filters of a search.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use shared::{
    clock::Timestamp,
    http::{
        Problem,
        problem::{Named, Refusal, UNSUPPORTED_FILTER_COMBINATION},
    },
    search::engine::{self, AmountFilter, Bounds, Facets, Near, Point, Query, Ranges, Sort, TermFilter},
    text::compared,
    vocabulary::EventStatus,
};

use super::{
    Agenda,
    document::{CATEGORY, CITY, COUNTRY, FREE, LANGUAGE, MODE, ORGANIZER, PRICE, PRICED, STATUS, TAG, ZONE},
    filters::{Collapse, EventFilters, EventSort},
};
use crate::{bound::Bound, categories::EventCategories, event::instant, schedule::Zone};

/// Maximum distance from a point, unless the request names one.
const RADIUS_KM: u32 = 25;

/// Statuses of the events that a search finds unless the request names others.
const USUAL: [EventStatus; 3] = [EventStatus::Published, EventStatus::Rescheduled, EventStatus::Postponed];

/// Fields whose values are counted.
pub(super) const COUNTED: [&str; 5] = [CATEGORY, CITY, LANGUAGE, MODE, PRICE];

/// Number of months that are counted, from the present one on.
pub(super) const MONTHS: i32 = 13;

/// A combination of filters that search does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported(&'static str);

impl Refusal for Unsupported {
    const NAMED: Named = UNSUPPORTED_FILTER_COMBINATION;

    fn explain(self, problem: Problem) -> Problem {
        problem.detail(self.0)
    }
}

impl EventFilters {
    /// The query of the index at `now`, without a page.
    pub(crate) fn query(
        &self,
        agenda: &Agenda,
        categories: &EventCategories,
        now: Timestamp,
    ) -> Result<Query, Unsupported> {
        let has_prices = self.price_gte.is_some() || self.price_lte.is_some();
        if has_prices && self.currency.is_none() {
            return Err(Unsupported("`price_gte` and `price_lte` require `currency`."));
        }
        if self.radius_km.is_some() && self.near.is_none() {
            return Err(Unsupported("`radius_km` requires `near`."));
        }
        let sort = self.sort(has_prices)?;
        let (from, to, ranges) = self.time(agenda, now);
        Ok(Query {
            text: self.q.clone().unwrap_or_default(),
            terms: self.terms(categories),
            from,
            to,
            ranges,
            near: self.near.map(|near| Near {
                point: Point { latitude: near.latitude, longitude: near.longitude },
                metres: Some(f64::from(self.radius_km.unwrap_or(RADIUS_KM)) * 1_000.0),
            }),
            bounds: self.bbox.map(|it| Bounds {
                south: it.south,
                west: it.west,
                north: it.north,
                east: it.east,
            }),
            amount: self.currency.map(|currency| AmountFilter::Range {
                currency: currency.to_string(),
                low: self.price_gte.map(minor_units),
                high: self.price_lte.map(minor_units),
            }),
            collapse: match self.collapse.unwrap_or_default() {
                Collapse::Event => engine::Collapse::Document,
                Collapse::Occurrence => engine::Collapse::Occurrence,
            },
            sort,
            ..Query::default()
        })
    }

    fn sort(&self, has_prices: bool) -> Result<Sort, Unsupported> {
        let has_text = self.q.is_some();
        Ok(match self.sort {
            None | Some(EventSort::Relevance) if has_text => Sort::Relevance,
            None | Some(EventSort::StartsAt) => Sort::Start,
            Some(EventSort::Relevance) => return Err(Unsupported("`sort=-relevance` requires `q`.")),
            Some(EventSort::Distance) if self.near.is_some() => Sort::Distance,
            Some(EventSort::Distance) => return Err(Unsupported("`sort=distance` requires `near`.")),
            Some(EventSort::Price) if self.currency.is_some() || has_prices => Sort::Amount,
            Some(EventSort::Price) => return Err(Unsupported("`sort=price` requires `currency`.")),
            Some(EventSort::Newest) => Sort::Newest,
        })
    }

    fn terms(&self, categories: &EventCategories) -> Vec<TermFilter> {
        let mut filters = Vec::new();
        let mut add = |field: &str, values: Option<Vec<String>>| {
            filters.extend(values.map(|terms| TermFilter { field: field.to_owned(), terms }));
        };
        let below = |slugs: &Vec<super::filters::SlugText>| {
            let below = slugs.iter().flat_map(|slug| categories.subtree(&slug.0));
            below.map(str::to_owned).collect()
        };
        add(CATEGORY, self.category.as_ref().map(below));
        add(TAG, self.tag.as_ref().map(|tags| tags.iter().map(|tag| compared(tag)).collect()));
        add(CITY, self.city.as_ref().map(|city| vec![compared(city)]));
        add(COUNTRY, self.country.as_ref().map(|country| vec![country.0.clone()]));
        add(ORGANIZER, self.organizer.as_ref().map(|organizer| vec![organizer.to_string()]));
        add(LANGUAGE, self.language.as_ref().map(|all| all.iter().map(|it| it.0.clone()).collect()));
        add(MODE, self.mode.as_ref().map(|all| all.iter().map(|it| it.0.clone()).collect()));
        let named = self.status.as_ref().map(|all| all.iter().map(|it| it.0.clone()).collect());
        add(STATUS, named.or_else(|| Some(USUAL.iter().map(ToString::to_string).collect())));
        add(PRICE, self.free.map(|free| vec![if free { FREE } else { PRICED }.to_owned()]));
        filters
    }

    /// The range of time: one for all, or one for the events of each zone.
    fn time(&self, agenda: &Agenda, now: Timestamp) -> (Option<i64>, Option<i64>, Option<Ranges>) {
        let now = now.seconds();
        if self.running == Some(true) {
            return (Some(now), Some(now + 1), None);
        }
        let start = |bound: Bound, zone: Option<&Zone>| match bound {
            Bound::At(at) => at.as_second(),
            Bound::Day(date) => midnight(date, zone),
        };
        let end = |bound: Bound, zone: Option<&Zone>| match bound {
            Bound::At(at) => at.as_second(),
            Bound::Day(date) => date.tomorrow().map_or(i64::MAX, |next| midnight(next, zone)),
        };
        let range = |zone: Option<&Zone>| {
            let from = self.from.map_or(now, |from| start(from, zone));
            (from, self.to.map_or(i64::MAX, |to| end(to, zone)))
        };
        if ![self.from, self.to].iter().flatten().any(|bound| matches!(bound, Bound::Day(_))) {
            let (from, to) = range(None);
            return (Some(from), Some(to), None);
        }
        let zones = agenda.terms(ZONE).into_iter().filter_map(|name| {
            let zone: Zone = name.parse().ok()?;
            Some((name.to_owned(), range(Some(&zone))))
        });
        (None, None, Some(Ranges { field: ZONE.to_owned(), by_term: zones.collect() }))
    }
}

/// The second at which a day begins in a zone, or in UTC.
fn midnight(date: Date, zone: Option<&Zone>) -> i64 {
    let in_zone = zone.and_then(|zone| zone.day(date)).map(|(start, _)| start.as_second());
    in_zone.unwrap_or_else(|| {
        let days = Date::constant(1970, 1, 1).until(date).map(|span| i64::from(span.get_days()));
        days.unwrap_or_default() * 86_400
    })
}

fn minor_units(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// The starts of the months that are counted, in UTC, and the end of the last one.
pub(crate) fn months(now: Timestamp) -> Vec<Timestamp> {
    let today = instant(now).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let first = today.first_of_month();
    let month = |number: i32| first.checked_add(number.months()).map(|month| midnight(month, None));
    (0..=MONTHS)
        .filter_map(|number| month(number).ok())
        .map(|at| Timestamp::from_millis(at * 1_000))
        .collect()
}

/// The facets of a search, with the months between these times.
pub(crate) fn facets(months: &[Timestamp]) -> Facets {
    Facets {
        terms: COUNTED.iter().map(|field| (*field).to_owned()).collect(),
        periods: months.iter().map(|month| month.seconds()).collect(),
        amounts: None,
    }
}
