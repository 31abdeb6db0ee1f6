//! Queries of the index for the filters of a search.

use std::collections::BTreeMap;

use jiff::{SignedDuration, ToSpan as _, civil::Date, tz::TimeZone};
use shared::{
    clock::Timestamp,
    http::{
        Problem,
        problem::{Named, Refusal, UNSUPPORTED_FILTER_COMBINATION},
    },
    search::engine::{
        self, AmountFilter, Bounds, Facets, Near, Periods, Point, Query, Ranges, Sort, TermFilter,
    },
    text::compared,
    vocabulary::EventStatus,
};

use super::{
    Agenda, KEPT_DAYS,
    document::{
        CATEGORY, CITY, COUNTRY, FREE, LANGUAGE, MODE, ORGANIZER, PRICE, PRICED, SPELLING, STATUS, TAG, ZONE,
    },
    filters::{Collapse, EventFilters, EventSort, SEARCHED, StatusText},
};
use crate::{
    bound::{self, Bound},
    categories::EventCategories,
    event::instant,
    schedule::Zone,
};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Maximum distance from a point, unless the request names one.
const RADIUS_KM: u32 = 25;

/// Fields whose values are counted.
pub(super) const COUNTED: [&str; 5] = [CATEGORY, SPELLING, LANGUAGE, MODE, PRICE];

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
        self.check_range(now)?;
        let (from, to, ranges) = self.time(agenda, now);
        Ok(Query {
            text: self.q.clone().unwrap_or_default(),
            terms: self.terms(categories),
            from,
            to,
            starts_from: (self.running == Some(false)).then(|| now.seconds()),
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
        add(STATUS, named.or_else(|| Some(usual())));
        add(PRICE, self.free.map(|free| vec![if free { FREE } else { PRICED }.to_owned()]));
        filters
    }

    /// Refuses ranges without events.
    fn check_range(&self, now: Timestamp) -> Result<(), Unsupported> {
        if self.running == Some(true) && (self.from.is_some() || self.to.is_some()) {
            return Err(Unsupported("`running=true` excludes `from` and `to`."));
        }
        let now = now.seconds();
        if self.from.is_some_and(|from| from.latest() < now - KEPT_DAYS * DAY) {
            return Err(Unsupported("`from` is at most 31 days ago."));
        }
        let earliest = self.from.map_or(now, Bound::earliest);
        let is_empty = match (self.from, self.to) {
            (Some(Bound::Day(from)), Some(Bound::Day(to))) => to < from,
            (_, Some(Bound::At(to))) => to.as_second() <= earliest,
            (_, Some(Bound::Day(to))) => Bound::Day(to).latest() + DAY <= earliest,
            (_, None) => false,
        };
        if is_empty { Err(Unsupported("`to` is before `from`, which defaults to now.")) } else { Ok(()) }
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
        let by_term = by_zone(agenda, |zone| range(Some(zone)));
        (None, None, Some(Ranges { field: ZONE.to_owned(), by_term }))
    }

    /// The filters of a feed. It shows what was cancelled and what is over, since a reader would
    /// keep what it no longer finds.
    pub(crate) fn of_feed(&self, now: Timestamp) -> Self {
        let mut filters = self.clone();
        filters.status = filters
            .status
            .or_else(|| Some(SEARCHED.iter().map(|status| StatusText(status.to_string())).collect()));
        if filters.from.is_none() && filters.running.is_none() {
            let first =
                instant(now).and_then(|now| now.checked_sub(SignedDuration::from_hours(KEPT_DAYS * 24)).ok());
            filters.from = first.map(Bound::At);
        }
        filters
    }
}

/// The statuses of the events that a search finds unless the request names others.
fn usual() -> Vec<String> {
    let usual = SEARCHED.iter().filter(|status| **status != EventStatus::Cancelled);
    usual.map(ToString::to_string).collect()
}

/// A value for each zone of the agenda.
fn by_zone<T>(agenda: &Agenda, value: impl Fn(&Zone) -> T) -> BTreeMap<String, T> {
    let zones = agenda.terms(ZONE).into_iter().filter_map(|name| {
        let zone: Zone = name.parse().ok()?;
        Some((name.to_owned(), value(&zone)))
    });
    zones.collect()
}

/// The second at which a day begins in a zone, or in UTC.
fn midnight(date: Date, zone: Option<&Zone>) -> i64 {
    let in_zone = zone.and_then(|zone| zone.day(date)).map(|(start, _)| start.as_second());
    in_zone.unwrap_or_else(|| bound::midnight(date))
}

fn minor_units(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// The first days of the months that are counted, and of the month after the last one.
pub(crate) fn months(now: Timestamp) -> Vec<Date> {
    let today = instant(now).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let first = today.first_of_month();
    (0..=MONTHS).filter_map(|number| first.checked_add(number.months()).ok()).collect()
}

/// The facets of a search: what each filter finds by itself beside the others.
pub(crate) fn facets(agenda: &Agenda, categories: &EventCategories, months: &[Date]) -> Facets {
    let starts = |zone: Option<&Zone>| months.iter().map(|month| midnight(*month, zone)).collect();
    let above = categories.categories.iter().map(|category| {
        let slug = category.slug.as_str();
        (slug.to_owned(), categories.path(slug).map(str::to_owned).collect())
    });
    Facets {
        terms: COUNTED.iter().map(|field| (*field).to_owned()).collect(),
        counted_as: BTreeMap::from([(CATEGORY.to_owned(), above.collect())]),
        periods: starts(None),
        periods_by: Some(Periods {
            field: ZONE.to_owned(),
            by_term: by_zone(agenda, |zone| starts(Some(zone))),
        }),
        amounts: None,
    }
}
