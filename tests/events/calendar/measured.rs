//! The time of writing: run by hand in a release build.

use std::time::Instant;

use events::calendar::ics::{self, Calendar};

use super::helpers::{concert, series};

/// A feed of 1,000 weekly series in 20 zones.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "a measurement")]
fn a_feed_takes_milliseconds() {
    let zones = jiff::tz::TimeZoneDatabase::bundled();
    let zones: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    let zones: Vec<&String> = zones.iter().filter(|name| name.starts_with("Europe/")).take(20).collect();
    let happenings: Vec<_> = (0..1000)
        .map(|place| {
            let zone = zones[place % zones.len()];
            concert(series(zone, "2026-01-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", Some(100)))
        })
        .collect();
    let began = Instant::now();
    let file = ics::write(&Calendar { name: "All", host: "agora.example.org" }, &happenings);
    println!("1,000 series: {} bytes in {:?}", file.len(), began.elapsed());
}
