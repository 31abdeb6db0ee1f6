//! Time and memory: run by hand in a release build.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use fastrand::Rng;
use shared::search::engine::{
    Amount, AmountClasses, AmountFilter, Bounds, Collapse, Document, Facets, Index, Near, Occurrence, Point,
    Query, Sort,
};

use super::helpers::{DAY, OCTOBER, SCHEMA, terms};

const DOCUMENTS: u32 = 30_000;

/// A word of a vocabulary in which the rank of a word falls as in a language.
fn word(rng: &mut Rng) -> String {
    const SYLLABLES: [&str; 16] =
        ["ко", "ра", "ли", "мо", "та", "не", "ву", "са", "пе", "до", "ши", "за", "бо", "ги", "ну", "фе"];
    const ENDINGS: [&str; 6] = ["", "а", "ов", "ами", "ый", "ого"];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 40,000")]
    let mut rank = 40_000_f64.powf(rng.f64()) as usize;
    let mut word = String::new();
    while rank > 0 {
        word.push_str(SYLLABLES[rank % 16]);
        rank /= 16;
    }
    word + ENDINGS[rng.usize(..6).min(rng.usize(..6))]
}

fn text(rng: &mut Rng, words: usize) -> String {
    (0..words).map(|_| word(rng)).collect::<Vec<_>>().join(" ")
}

fn document(rng: &mut Rng, number: u32, occurrences: i64) -> Document {
    let first = rng.i64(0..200);
    let step = [1, 7, 7, 14][rng.usize(..4)];
    let hour = rng.i64(7..20);
    let occurrence = |place: i64| {
        let day = first + place * step;
        // Summer time ends on day 24.
        let start = OCTOBER + day * DAY + (hour + i64::from(day > 24)) * 3600;
        let key = jiff::civil::date(2026, 10, 1) + jiff::SignedDuration::from_hours(24 * day);
        Occurrence { start, end: start + 7200, key: key.to_string(), ..Occurrence::default() }
    };
    let low = rng.i64(0..50) * 100;
    let category = rng.usize(..12);
    let category = [format!("cat_{category}"), format!("cat_{category}_{}", rng.usize(..8))];
    let mut all = terms(&[
        ("city", &[["moscow", "kazan", "perm", "tver", "omsk"][rng.usize(..5)]]),
        ("status", &["scheduled"]),
    ]);
    all.insert("category".to_owned(), category.to_vec());
    all.insert("tag".to_owned(), (0..3).map(|_| format!("tag{}", rng.u32(..400))).collect());
    Document {
        id: format!("evt_01j{:08x}{:011x}", number / 7, rng.u64(..1 << 44)),
        version: 1 + rng.u64(..9),
        texts: [("title", 5), ("tags", 3), ("names", 4), ("description", 90)]
            .map(|(field, words)| (field.to_owned(), text(rng, words)))
            .into(),
        terms: all,
        point: Some(Point { latitude: 55.0 + rng.f64(), longitude: 37.0 + rng.f64() }),
        amount: (!number.is_multiple_of(3)).then(|| Amount {
            currency: "RUB".to_owned(),
            low,
            high: low * 2,
        }),
        free: number.is_multiple_of(3),
        created_at: OCTOBER - rng.i64(0..DAY * 300),
        occurrences: (0..occurrences).map(occurrence).collect(),
        card: text(rng, 11),
    }
}

fn facets() -> Facets {
    Facets {
        terms: ["category", "city", "status", "tag"].map(str::to_owned).to_vec(),
        periods: (0..14).map(|month| OCTOBER + month * 30 * DAY).collect(),
        amounts: Some(AmountClasses { currency: "RUB".to_owned(), bounds: vec![0, 500, 1000, 3000] }),
    }
}

fn queries() -> Vec<(&'static str, Query)> {
    let all = Query { from: Some(OCTOBER + 30 * DAY), limit: 20, ..Query::default() };
    let week = Query { to: Some(OCTOBER + 37 * DAY), ..all.clone() };
    let point = Point { latitude: 55.5, longitude: 37.5 };
    let near = |metres| Some(Near { point, metres: Some(metres) });
    let words = |text: &str| Query { text: text.to_owned(), sort: Sort::Relevance, ..all.clone() };
    let category = terms(&[("category", &["cat_3"]), ("city", &["moscow", "kazan"])]);
    let amount = AmountFilter::Range { currency: "RUB".to_owned(), low: None, high: Some(1000) };
    let bounds = Bounds { south: 55.2, west: 37.2, north: 55.8, east: 37.8 };
    vec![
        ("all from a day", all.clone()),
        ("all, occurrences", Query { collapse: Collapse::Occurrence, ..all.clone() }),
        ("week", week.clone()),
        ("week, occurrences", Query { collapse: Collapse::Occurrence, ..week.clone() }),
        ("category and city", Query { terms: category.clone(), ..all.clone() }),
        ("one word", words("ли ")),
        ("one word, rare", words("лимора ")),
        ("three words", words("ли ра мо ")),
        ("prefix of a letter", words("к")),
        ("10 km by distance", Query { near: near(1e4), sort: Sort::Distance, ..all.clone() }),
        ("100 km by distance", Query { near: near(1e5), sort: Sort::Distance, ..all.clone() }),
        ("box, newest", Query { bounds: Some(bounds), sort: Sort::Newest, ..all.clone() }),
        ("amount", Query { amount: Some(amount.clone()), sort: Sort::Amount, ..all.clone() }),
        (
            "everything together",
            Query { terms: category, near: near(4e4), amount: Some(amount), ..words("ли ко") },
        ),
    ]
}

/// Time on a core of this thread: other processes do not count.
fn on_core() -> Duration {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(line.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or_default())
}

/// The median and the 99th percentile. The kernel counts the time on a core to a few
/// milliseconds only, so this is the time of the clock.
fn times(count: usize, mut run: impl FnMut()) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    (times[count / 2], times[count * 99 / 100])
}

/// Memory of the process in megabytes.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

#[expect(clippy::print_stdout, reason = "a measurement")]
fn measure(name: &str, index: &Index) {
    println!("{name}: {} documents", index.len());
    for (name, query) in queries() {
        let counted = Query { facets: facets(), ..query.clone() };
        let total = index.search(&query).total;
        let (half, most) = times(200, || drop(black_box(index.search(black_box(&query)))));
        let (half_counted, most_counted) = times(200, || drop(black_box(index.search(black_box(&counted)))));
        println!(
            "  {name}: {total} results, p50 {half:?}, p99 {most:?}; with facets p50 {half_counted:?}, p99 {most_counted:?}"
        );
    }
}

/// On a loaded machine of two cores, built as functions are: 30,000 documents of 102 words and 20
/// occurrences have 634 bytes each in a snapshot, which is restored in 93 ms. A page takes 0.05 to
/// 1.1 ms, and 0.3 to 3.3 ms with all counts; with 2 occurrences each 78 ms, 0.9 ms and 2 ms. A
/// change takes 0.1 ms, and 45 ms if it merges segments.
#[test]
#[ignore = "a measurement"]
fn pages_take_milliseconds() {
    measure_all(20);
    measure_all(2);
}

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a measurement")]
fn measure_all(occurrences: i64) {
    println!("{occurrences} occurrences a document");
    let mut rng = Rng::with_seed(1);
    let documents: Vec<_> = (0..DOCUMENTS).map(|number| document(&mut rng, number, occurrences)).collect();
    let before = memory();
    let mut index = Index::new(&SCHEMA);
    let began = on_core();
    let mut longest = Duration::ZERO;
    for document in &documents {
        let began = on_core();
        index.upsert(document);
        longest = longest.max(on_core().saturating_sub(began));
    }
    println!("{DOCUMENTS} upserts: {:?}, the longest {longest:?}", on_core().saturating_sub(began));
    println!("memory: {:.0} MB", memory() - before);
    let began = on_core();
    let chunks = index.write();
    println!("write: {:?}", on_core().saturating_sub(began));
    let bytes: usize = chunks.iter().map(Vec::len).sum();
    println!("{} chunks, {:.0} bytes a document", chunks.len(), bytes as f64 / f64::from(DOCUMENTS));
    let restore = || Index::restore(&SCHEMA, &chunks).expect("restored");
    let before = memory();
    let restored = restore();
    println!("memory of a restored index: {:.0} MB", memory() - before);
    assert_eq!(restored.write(), chunks, "the bytes of a snapshot are those of its content");
    let began = on_core();
    (0..20).for_each(|_| drop(black_box(restore())));
    println!("restore: {:?}", on_core().saturating_sub(began) / 20);
    measure("after upserts", &index);
    measure("restored", &restored);
    println!("clone: {:?}", times(100, || drop(black_box(restored.clone()))));
    let mut changed = restored.clone();
    let mut number = 0;
    let mut longest = Duration::ZERO;
    let change = times(20_000, || {
        let began = on_core();
        let mut document = documents[rng.usize(..documents.len())].clone();
        number += 1;
        document.version = 10 + number;
        changed.upsert(&document);
        longest = longest.max(on_core().saturating_sub(began));
    });
    println!("upsert of a changed document: p50, p99 {change:?}, the longest {longest:?}");
    measure("restored and changed", &changed);
}
