//! As many seeds as a night has room for:
//!
//! ```text
//! cargo bench -p tests --bench simulate -- --seeds 100000 [--from 2000]
//! ```

#[path = "../../seeded.rs"]
mod seeded;
#[path = "../../simulation/mod.rs"]
mod simulation;

use std::{process::ExitCode, time::Instant};

use simulation::seeds;

/// How many seeds are run between two reports.
const ROUND: u64 = 1_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, otherwise: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        let text = place.and_then(|place| arguments.get(place + 1));
        text.map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let (from, count) = (number("--from", 0), number("--seeds", ROUND));
    let began = Instant::now();
    let mut all = seeds::Summary::default();
    for first in (from..from + count).step_by(usize::try_from(ROUND).expect("fits")) {
        let summary = seeds::run(first..(first + ROUND).min(from + count));
        for line in &summary.broken {
            println!("{line}");
        }
        all.merge(summary);
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{count} seeds in {seconds:.1} s, {:.0} a second; {} calls", count as f64 / seconds, all.calls);
    for (name, count) in &all.faults {
        println!("{count:>9} {name}");
    }
    if all.broken.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} times something was not as it must be; once more: {}", all.broken.len(), seeds::REPEAT);
    ExitCode::FAILURE
}
