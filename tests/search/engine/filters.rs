//! Terms, times, places and amounts.

use shared::search::engine::{
    Amount, AmountFilter, Bounds, Collapse, Document, Index, Near, Occurrence, Point, Query,
};

use super::helpers::{DAY, OCTOBER, all, at, dates, document, filters, found, index, on, terms};

fn with_terms(id: &str, of: &[(&str, &[&str])]) -> Document {
    Document { terms: terms(of), ..document(id) }
}

fn query(of: &[(&str, &[&str])]) -> Query {
    Query { terms: filters(of), ..all() }
}

#[test]
fn a_document_has_a_term_of_every_field() {
    let index = index(&[
        with_terms("a", &[("city", &["perm"]), ("category", &["music", "music.jazz"])]),
        with_terms("b", &[("city", &["omsk"]), ("category", &["music"])]),
        with_terms("c", &[("tag", &["music"])]),
    ]);
    let found = |of: &[(&str, &[&str])]| found(&index, &query(of));
    assert_eq!(found(&[("category", &["music"])]), ["a", "b"]);
    assert_eq!(found(&[("category", &["music.jazz", "art"])]), ["a"]);
    assert_eq!(found(&[("category", &["music"]), ("city", &["omsk", "tver"])]), ["b"]);
    assert!(found(&[("category", &["musi"])]).is_empty());
    assert!(found(&[("category", &[])]).is_empty());
    assert!(found(&[("mood", &["good"])]).is_empty());
    assert_eq!(found(&[("category", &["music"]), ("category", &["music.jazz", "art"])]), ["a"]);
    assert!(found(&[("category", &["music"]), ("category", &["art"])]).is_empty());
}

#[test]
fn own_terms_of_an_occurrence_replace_those_of_its_document() {
    let cancelled = Occurrence { terms: terms(&[("status", &["cancelled"])]), ..on(2, 10) };
    let index = index(&[Document {
        occurrences: vec![on(1, 10), cancelled.clone(), on(3, 10)],
        ..with_terms("a", &[("status", &["scheduled"]), ("city", &["perm"])])
    }]);
    let each = |of: &[(&str, &[&str])]| {
        let page = index.search(&Query { collapse: Collapse::Occurrence, ..query(of) });
        dates(&page).into_iter().map(|(_, key)| key.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(each(&[("status", &["scheduled"])]), ["2026-10-01", "2026-10-03"]);
    assert_eq!(each(&[("status", &["cancelled"]), ("city", &["perm"])]), ["2026-10-02"]);
    assert_eq!(each(&[("status", &["cancelled", "scheduled"])]).len(), 3);
    let page = index.search(&query(&[("status", &["cancelled"])]));
    assert_eq!(page.hits[0].occurrence, Some(cancelled));
}

#[test]
fn an_occurrence_overlaps_the_range_of_time() {
    let noon = OCTOBER + 12 * 3600;
    let moment = Occurrence { end: noon, ..on(1, 12) };
    let index = index(&[
        Document { occurrences: vec![on(1, 12)], ..document("hours") },
        Document { occurrences: vec![moment], ..document("moment") },
        document("undated"),
    ]);
    let found = |from: i64, to: i64| found(&index, &Query { from: Some(from), to: Some(to), ..all() });
    assert_eq!(found(noon, noon + 1), ["hours", "moment"]);
    assert_eq!(found(noon + 1, noon + 2), ["hours"]);
    assert_eq!(found(noon + 7199, noon + 9000), ["hours"]);
    assert!(found(noon + 7200, noon + 9000).is_empty());
    assert!(found(noon - 9000, noon).is_empty());
    assert!(found(noon + 1, noon).is_empty());
    assert_eq!(super::helpers::found(&index, &Query { from: Some(noon), ..all() }), ["hours", "moment"]);
    assert_eq!(super::helpers::found(&index, &all()), ["hours", "moment", "undated"]);
}

#[test]
fn the_first_fitting_occurrence_shows() {
    // A long one, and short ones within it.
    let long = Occurrence { end: OCTOBER + 20 * DAY, key: "long".to_owned(), ..on(1, 8) };
    let index = index(&[Document { occurrences: vec![on(9, 8), long, on(5, 8)], ..document("a") }]);
    let first = |day: i64| {
        let from = Some(OCTOBER + (day - 1) * DAY);
        let page = index.search(&Query { from, ..all() });
        page.hits.first().and_then(|hit| hit.occurrence.clone()).map(|it| it.key)
    };
    assert_eq!(first(1).as_deref(), Some("long"));
    assert_eq!(first(6).as_deref(), Some("long"));
    assert_eq!(first(22), None);
    let each = Query { collapse: Collapse::Occurrence, from: Some(OCTOBER + 6 * DAY), ..all() };
    assert_eq!(dates(&index.search(&each)), [("a", "long"), ("a", "2026-10-09")]);
}

fn point(latitude: f64, longitude: f64) -> Point {
    Point { latitude, longitude }
}

#[test]
fn distances_are_those_of_the_haversine_formula() {
    for (from, to, kilometres) in [
        (point(55.7520, 37.6175), point(59.9390, 30.3158), 634.490),
        (point(-17.0, 179.9), point(-17.0, -179.9), 21.267),
        (point(52.5219, 13.4132), point(52.3989, 13.0657), 27.228),
        (point(89.9, 0.0), point(89.9, 180.0), 22.239),
        (point(66.08, -169.65), point(65.61, -168.09), 88.143),
    ] {
        let metres = from.metres_to(to);
        assert!((metres / 1000.0 - kilometres).abs() < 0.0006, "{metres}");
        let index = index(&[at("a", to.latitude, to.longitude)]);
        let near = |metres: f64| Query { near: Some(Near { point: from, metres: Some(metres) }), ..all() };
        let found = index.search(&near(metres + 0.01)).hits;
        let measured = found.first().and_then(|hit| hit.metres).expect("a distance");
        assert!((measured - metres).abs() < 0.001, "{measured} {metres}");
        assert!(index.search(&near(metres - 0.01)).hits.is_empty());
    }
    let half = point(0.0, 0.0).metres_to(point(0.0, 180.0));
    assert!((half - 20_015_114.4).abs() < 1.0, "{half}");
}

#[test]
fn a_box_may_cross_the_180th_meridian() {
    let index = index(&[
        at("suva", -18.14, 178.44),
        at("taveuni", -16.8, -179.97),
        at("apia", -13.83, -171.77),
        at("edge", -10.0, 180.0),
        document("nowhere"),
        at("invalid", 91.0, 0.0),
    ]);
    let within = |west: f64, east: f64| {
        found(&index, &Query { bounds: Some(Bounds { south: -20.0, west, north: -10.0, east }), ..all() })
    };
    assert_eq!(within(178.0, -179.0), ["edge", "suva", "taveuni"]);
    assert_eq!(within(-180.0, -170.0), ["apia", "taveuni"]);
    assert_eq!(within(-180.0, 180.0), ["apia", "edge", "suva", "taveuni"]);
}

fn with_amount(id: &str, currency: &str, low: i64, high: i64) -> Document {
    Document { amount: Some(Amount { currency: currency.to_owned(), low, high }), ..document(id) }
}

fn amounts(index: &Index, currency: &str, low: Option<i64>, high: Option<i64>) -> Vec<String> {
    let amount = Some(AmountFilter::Range { currency: currency.to_owned(), low, high });
    found(index, &Query { amount, ..all() })
}

#[test]
fn an_amount_overlaps_the_range_in_its_currency() {
    let index = index(&[
        with_amount("a", "EUR", 500, 1500),
        with_amount("b", "EUR", 2000, 2000),
        with_amount("c", "RUB", 600, 700),
        Document { free: true, ..document("free") },
        Document { free: true, ..with_amount("from-free", "EUR", 1000, 3000) },
        document("unknown"),
    ]);
    assert_eq!(amounts(&index, "EUR", Some(1500), Some(1999)), ["a", "from-free"]);
    assert_eq!(amounts(&index, "EUR", None, Some(400)), ["free", "from-free"]);
    assert_eq!(amounts(&index, "EUR", Some(2000), None), ["b", "from-free"]);
    assert_eq!(amounts(&index, "RUB", Some(1), None), ["c"]);
    assert_eq!(amounts(&index, "USD", None, None), ["free", "from-free"]);
    let free = Query { amount: Some(AmountFilter::Free), ..all() };
    assert_eq!(found(&index, &free), ["free", "from-free"]);
}
