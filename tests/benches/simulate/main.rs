//! Any number of seeds, or the trace of one:
//!
//! ```text
//! cargo bench -p tests --bench simulate -- --seeds 100000 [--from 2000]
//! cargo bench -p tests --bench simulate -- --show 2007
//! ```

#[path = "../../seeded.rs"]
mod seeded;
#[path = "../../simulation/mod.rs"]
mod simulation;

use std::{process::ExitCode, time::Instant};

use simulation::seeds;

/// Seeds between two reports.
const ROUND: u64 = 1_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str| -> Option<u64> {
        let place = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(place + 1)?.parse().expect("a number"))
    };
    if let Some(seed) = number("--show") {
        let outcome = simulation::simulate(seed, true);
        println!("{}\n{:#?}", outcome.trace.join("\n"), outcome.broken);
        return ExitCode::SUCCESS;
    }
    let (from, count) = (number("--from").unwrap_or(0), number("--seeds").unwrap_or(ROUND));
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
    let rate = u32::try_from(count).map_or(f64::INFINITY, f64::from) / seconds;
    println!("{count} seeds in {seconds:.1} s, {rate:.0} a second; {} calls", all.calls);
    println!("{:016x} stands for all that happened", all.fingerprint);
    for (name, count) in &all.faults {
        println!("{count:>9} {name}");
    }
    if all.broken.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} times something was not as it must be; once more: {}", all.broken.len(), seeds::REPEAT);
    ExitCode::FAILURE
}
