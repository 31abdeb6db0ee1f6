//! Random documents, changes and queries against the model.

use std::{collections::BTreeMap, sync::Arc};

use fastrand::Rng;
use shared::search::engine::{
    Amount, AmountClasses, AmountFilter, Bounds, Collapse, Document, Facets, Index, Near, Occurrence,
    Periods, Point, Query, Ranges, Sort, TermFilter,
};

use super::{
    helpers::{DAY, OCTOBER, SCHEMA, terms},
    model::Model,
};

const WORDS: &[&str] = &[
    "jazz",
    "concert",
    "concerts",
    "opera",
    "operas",
    "open",
    "market",
    "markets",
    "mark",
    "tango",
    "tangos",
    "theatre",
    "the",
    "a",
    "концерт",
    "ярмарка",
    "выставка",
    "театр",
    "2026",
    "b",
    "ба",
    "вы",
];
const TERMS: [(&str, &[&str]); 4] = [
    ("category", &["music", "music.jazz", "art", "food"]),
    ("city", &["berlin", "moscow", "suva"]),
    ("status", &["scheduled", "cancelled"]),
    ("tag", &["free-entry", "family", "night", "18+", ""]),
];
pub const SORTS: [Sort; 7] = [
    Sort::Start,
    Sort::Relevance,
    Sort::Distance,
    Sort::Amount,
    Sort::AmountDescending,
    Sort::Newest,
    Sort::Term("category"),
];
const CURRENCIES: [&str; 2] = ["EUR", "RUB"];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

fn text(rng: &mut Rng, most: usize) -> String {
    (0..rng.usize(0..=most)).map(|_| pick(rng, WORDS)).collect::<Vec<_>>().join(" ")
}

fn point(rng: &mut Rng) -> Point {
    // Around Fiji, on both sides of the 180th meridian, and anywhere.
    let (latitude, longitude) = if rng.u8(..4) > 0 {
        let longitude = 179.0 + rng.f64() * 2.0;
        (-17.0 + rng.f64(), if longitude > 180.0 { longitude - 360.0 } else { longitude })
    } else {
        (rng.f64() * 180.0 - 90.0, rng.f64() * 360.0 - 180.0)
    };
    Point { latitude, longitude }
}

fn some_terms(rng: &mut Rng, share: f64) -> BTreeMap<String, Vec<String>> {
    let mut all = terms(&[]);
    for (field, words) in TERMS {
        if rng.f64() < share {
            let words = (0..rng.usize(1..=2)).map(|_| pick(rng, words).to_owned());
            all.insert(field.to_owned(), words.collect());
        }
    }
    all
}

fn some_filters(rng: &mut Rng) -> Vec<TermFilter> {
    let filter = |(field, terms)| TermFilter { field, terms };
    some_terms(rng, 0.2).into_iter().map(filter).collect()
}

fn occurrences(rng: &mut Rng) -> Vec<Occurrence> {
    let first = rng.i64(0..60);
    let step = rng.i64(1..8);
    let hours = rng.i64(0..4);
    let count = if rng.u8(..5) == 0 { 0 } else { rng.i64(1..12) };
    (0..count)
        .map(|number| {
            let day = first + number * step;
            let moved = if rng.u8(..12) == 0 { rng.i64(-30..30) * 7200 } else { 0 };
            let start = OCTOBER + day * DAY + 17 * 3600 + moved;
            let long = if rng.u8(..15) == 0 { 20 * DAY } else { 0 };
            let terms = if rng.u8(..10) == 0 { some_terms(rng, 0.4) } else { terms(&[]) };
            let date = jiff_date(day);
            let key = if rng.u8(..10) == 0 { format!("{date}.2") } else { date };
            Occurrence { start, end: start + hours * 1800 + long, key, terms: normalised(terms) }
        })
        .collect()
}

/// Terms in order and without doubles, as results have them.
fn normalised(mut terms: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    for terms in terms.values_mut() {
        terms.sort_unstable();
        terms.dedup();
    }
    terms
}

fn jiff_date(days: i64) -> String {
    let date = jiff::civil::date(2026, 10, 1) + jiff::SignedDuration::from_hours(24 * days);
    date.to_string()
}

pub fn document(rng: &mut Rng, ids: u32) -> Document {
    let low = rng.i64(0..40) * 100;
    let texts = [("title", 3), ("tags", 2), ("names", 2), ("description", 12), ("unknown", 1)];
    Document {
        id: format!("evt_{:05}", rng.u32(..ids)),
        version: rng.u64(1..30),
        texts: texts.iter().map(|(field, most)| ((*field).to_owned(), text(rng, *most))).collect(),
        terms: some_terms(rng, 0.7),
        point: (rng.u8(..4) > 0).then(|| point(rng)),
        amount: rng.bool().then(|| Amount {
            currency: pick(rng, &CURRENCIES).to_owned(),
            low,
            high: low + rng.i64(0..10) * 100,
        }),
        free: rng.u8(..4) == 0,
        created_at: OCTOBER - rng.i64(0..50) * 3600,
        occurrences: occurrences(rng),
        card: text(rng, 8),
    }
}

pub fn query(rng: &mut Rng) -> Query {
    let words = if rng.bool() { 0 } else { rng.usize(1..=3) };
    let mut text: String = (0..words).map(|_| pick(rng, WORDS)).collect::<Vec<_>>().join(" ");
    match rng.u8(..3) {
        0 => text.push(' '),
        1 => {
            let cut = text.char_indices().nth_back(1).map_or(text.len(), |(at, _)| at);
            text.truncate(cut);
        }
        _ => {}
    }
    let from = OCTOBER + rng.i64(-10..90) * DAY + rng.i64(0..24) * 3600;
    let near = Near { point: point(rng), metres: rng.bool().then(|| rng.f64() * 300_000.0) };
    let low = rng.i64(0..40) * 100;
    let range = AmountFilter::Range {
        currency: pick(rng, &CURRENCIES).to_owned(),
        low: rng.bool().then_some(low),
        high: rng.bool().then(|| low + rng.i64(0..20) * 100),
    };
    let count = rng.i64(0..5);
    let months = |hours: i64| (0..count).map(|month| OCTOBER + month * 30 * DAY + hours * 3600).collect();
    let facets = Facets {
        terms: TERMS.iter().filter(|_| rng.bool()).map(|(field, _)| (*field).to_owned()).collect(),
        counted_as: if rng.bool() { counted_as() } else { BTreeMap::new() },
        periods: months(0),
        periods_by: rng.bool().then(|| Periods {
            field: "city".to_owned(),
            by_term: [("berlin", -1), ("suva", -12)]
                .map(|(city, hours)| (city.to_owned(), months(hours)))
                .into(),
        }),
        amounts: rng.bool().then(|| AmountClasses {
            currency: pick(rng, &CURRENCIES).to_owned(),
            bounds: vec![0, 500, 1500, 3000],
        }),
    };
    Query {
        text,
        terms: (0..rng.usize(..3)).flat_map(|_| some_filters(rng)).collect(),
        from: rng.bool().then_some(from),
        to: rng.bool().then(|| from + rng.i64(0..40) * DAY),
        starts_from: (rng.u8(..4) == 0).then(|| from + rng.i64(-5..5) * DAY),
        ranges: (rng.u8(..4) == 0).then(|| ranges(rng, from)),
        near: rng.bool().then_some(near),
        bounds: (rng.u8(..4) == 0).then_some(Bounds {
            south: -17.0 + rng.f64() * 0.3,
            west: 179.2,
            north: -16.5 + rng.f64(),
            east: -179.0 - rng.f64(),
        }),
        amount: match rng.u8(..6) {
            0 => Some(AmountFilter::Free),
            1 => Some(range),
            _ => None,
        },
        synonyms: Arc::default(),
        collapse: if rng.bool() { Collapse::Document } else { Collapse::Occurrence },
        sort: SORTS[rng.usize(..SORTS.len())],
        after: None,
        limit: rng.usize(0..30),
        facets: if rng.bool() { facets } else { Facets::default() },
    }
}

/// A tree of two levels.
fn counted_as() -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
    let category =
        [("music.jazz", &["music.jazz", "music"][..]), ("food", &["food", "leisure"]), ("art", &["art"])];
    let owned = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
    let category = category.map(|(term, terms)| (term.to_owned(), owned(terms)));
    [("category".to_owned(), category.into())].into()
}

/// Days that begin at another hour in each city; one city has none.
fn ranges(rng: &mut Rng, from: i64) -> Ranges {
    let days = rng.i64(1..20);
    let by_city = [("berlin", -1), ("suva", -12)].map(|(city, hours)| {
        let start = from + hours * 3600;
        (city.to_owned(), (start, start + days * DAY))
    });
    Ranges { field: "city".to_owned(), by_term: by_city.into() }
}

/// Makes a random change of both, with a version from `version` on.
pub fn change(rng: &mut Rng, index: &mut Index, model: &mut Model, ids: u32, version: u64) {
    let version = version + rng.u64(..30);
    if rng.u8(..6) == 0 {
        let id = format!("evt_{:05}", rng.u32(..ids));
        index.remove(&id, version, OCTOBER);
        model.remove(&id, version);
    } else {
        let document = Document { version, ..document(rng, ids) };
        index.upsert(&document);
        model.upsert(&document);
    }
}

fn answer(queries: usize, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut index = Index::new(&SCHEMA);
    let mut model = Model::default();
    let mut answered = 0;
    for (round, version) in (0..queries).zip(1..) {
        // Versions rise: some changes come late, and most do not.
        (0..rng.usize(0..20)).for_each(|_| change(&mut rng, &mut index, &mut model, 150, version));
        if round % 40 == 0 {
            index = Index::restore(&SCHEMA, &index.write()).expect("restored");
        }
        if round % 97 == 96 {
            let time = OCTOBER + rng.i64(0..30) * DAY;
            index.remove_past(time);
            model.remove_past(time);
        }
        let mut query = query(&mut rng);
        let mut page = index.search(&query);
        model.compare(&query, &page);
        answered += usize::from(page.total > 0);
        for _ in 0..3 {
            let Some(next) = page.next else { break };
            query.after = Some(next);
            page = index.search(&query);
            model.compare(&query, &page);
        }
    }
    assert!(answered > queries / 4, "{answered} of {queries} queries have results");
    let versions: BTreeMap<_, _> = index.versions().collect();
    let expected = model.documents.values().map(|it| (it.id.as_str(), it.version)).collect();
    assert_eq!(versions, expected);
}

#[test]
fn queries_are_answered_as_by_a_filter_and_sort() {
    answer(500, 1);
}

#[test]
#[ignore = "takes a minute"]
fn ten_thousand_queries_are_answered_as_by_a_filter_and_sort() {
    for seed in 2..12 {
        answer(1000, seed);
    }
}
