//! The search for events at 100 to 100,000 listed ones: `cargo bench -p tests --bench search`.
//!
//! Stores events, writes the index as `agora events rebuild-search` does, and prints what it
//! takes to start `events-search` and to answer each of its queries. Then an organizer
//! publishes a weekly series: its units, and the time until a search finds it. `-- <events>`
//! sets the largest number.

mod events;
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
#[path = "../../harness/mod.rs"]
mod harness;
mod publishing;
#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../../seeded.rs"]
mod seeded;

use std::time::{Duration, Instant};

use axum::body::Body;
use events::fill;
use harness::{Lines, client::sdk_config};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use local::{
    operator::{Command, Outcome},
    platform::{Data, Options, Platform},
};
use shared::{Environment, clock::Clock, http::Service, lambda::Invocation, random::Random};

/// Default numbers of listed events; 0 is the start without an index.
const SIZES: [usize; 5] = [0, 100, 10_000, 30_000, 100_000];

/// Repetitions of a start.
const STARTS: usize = 5;

/// Repetitions of a query.
const TIMES: usize = 50;

/// Queries of the search. `{day}` is a hundred days from now, `{week}` a week later.
const QUERIES: [&str; 16] = [
    "",
    "collapse=occurrence",
    "from={day}&to={week}",
    "q=concert",
    "q=%D0%BA%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82%D1%8B",
    "q=%D0%BA%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82%D1%8B+%D0%B4%D0%B6%D0%B0%D0%B7%D0%B0",
    "q=c",
    "city=Berlin&category=music",
    "near=52.52,13.40&radius_km=10",
    "near=52.52,13.40&radius_km=300&sort=distance",
    "bbox=13.0,52.3,13.8,52.7&sort=-created_at",
    "currency=EUR&price_lte=2000&sort=price",
    "tag=jazz,blues&language=en",
    "running=true",
    "q=jazz&near=52.52,13.40&radius_km=50&free=true&category=music&from={day}&to={week}",
    "sort=-relevance&q=evening+of+music&mode=offline&country=DE",
];

#[tokio::main]
async fn main() {
    // Cargo adds `--bench`.
    let largest = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let mut sizes = SIZES.to_vec();
    if let Some(largest) = largest {
        sizes.retain(|size| *size < largest);
        sizes.push(largest);
    }
    let mut columns = Vec::new();
    for size in &sizes {
        columns.push(Box::pin(column(*size)).await);
    }
    let mut rows = vec!["listed events".to_owned(), "snapshot, MB".to_owned(), "start, ms".to_owned()];
    rows.extend(QUERIES.map(|query| format!("GET /events?{query}, p50 ms")));
    rows.extend(["GET /events/facets, p50 ms", "units of a page"].map(str::to_owned));
    rows.extend(["publish a weekly series, WRU", "found after, s"].map(str::to_owned));
    for (row, name) in rows.iter().enumerate() {
        print!("{name:96}");
        for column in &columns {
            print!(" {:>9}", column[row]);
        }
        println!();
    }
}

/// Figures of a platform with `size` listed events.
async fn column(size: usize) -> Vec<String> {
    let lines = Lines::default();
    // In memory the engine has no index of its stream and reads all of it at every write.
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let options = Options { data, log: lines.log(), ..Options::memory().unwrap() };
    let platform = Platform::start(options).await.unwrap();
    let began = Instant::now();
    let megabytes = fill(&platform, size).await;
    let rebuilt = platform.operator().run(Command::RebuildEventSearch).await.unwrap();
    let Outcome::EventSearchRebuilt { listed } = rebuilt else { panic!("{rebuilt:?}") };
    eprintln!(
        "{listed} events of {megabytes:.0} MB stored and indexed in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    let mut cells = vec![listed.to_string(), format!("{:.1}", events::snapshot_megabytes(&platform).await)];

    let mut starts = Vec::new();
    let mut search = None;
    for _ in 0..STARTS {
        let environment = environment(&platform, &lines);
        let began = Instant::now();
        let started = ::events::search(environment).await.unwrap();
        // Work that took too long for the start is done by the first request.
        ask(&started, "events?limit=1").await;
        starts.push(began.elapsed());
        search = Some(started);
    }
    cells.push(milliseconds(median(starts)));
    let search = search.unwrap();
    let day = jiff::Zoned::now().date() + jiff::Span::new().days(100);
    let week = day + jiff::Span::new().weeks(1);
    for query in QUERIES {
        let query = query.replace("{day}", &day.to_string()).replace("{week}", &week.to_string());
        cells.push(milliseconds(page(&search, &format!("events?{query}")).await));
    }
    cells.push(milliseconds(page(&search, "events/facets").await));
    ask(&search, "events").await;
    let line = lines.of("events-search").pop().unwrap();
    cells.push(format!("{} + {}", line.read_units, line.write_units));
    cells.extend(publishing::publish(&platform, &lines).await);
    platform.shutdown().await;
    cells
}

/// The environment of an instance of the search.
fn environment(platform: &Platform, lines: &Lines) -> Environment {
    Environment {
        variables: platform.stack().functions["EventsSearch"].variables.clone().into_iter().collect(),
        aws: sdk_config(platform),
        clock: Clock::system(),
        random: Random::system(),
        log: lines.log(),
    }
}

/// The median time of a request.
async fn page(search: &Service, path: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        ask(search, path).await;
        times.push(began.elapsed());
    }
    median(times)
}

async fn ask(search: &Service, path: &str) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let request = Request::get(format!("/api/v1/{path}")).body(Body::empty()).unwrap();
    let response = search.call(request, Invocation { deadline, client_address: None }).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}
