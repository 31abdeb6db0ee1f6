//! Cost of judging the strength of passwords: `cargo bench -p tests --bench passwords`.
//!
//! Prints the median CPU-bound time of each of the most expensive passwords that are
//! known, beside an ordinary one. A registration judges before its limits can know the
//! password, so no password may cost more than [`BUDGET`].

use std::time::{Duration, Instant};

use shared::identity::password::Password;

/// Maximum time of one password.
const BUDGET: Duration = Duration::from_millis(20);

/// Repetitions of each password.
const ROUNDS: usize = 15;

/// Every substitution that zxcvbn knows: the cost grows with their combinations.
const SUBSTITUTIONS: &str = "4@8({[<3691!|70$5+%2";

fn main() {
    let passwords = [
        ("ordinary", "wooden lighthouse over the bay".to_owned()),
        ("all substitutions", SUBSTITUTIONS.to_owned()),
        ("all substitutions and 4s, 40 characters", format!("{SUBSTITUTIONS}{}", "4".repeat(20))),
        ("all substitutions and 4s, 100 characters", format!("{SUBSTITUTIONS}{}", "4".repeat(80))),
        ("four substitutions, repeated", "4@8(".repeat(64)),
        ("four substitutions among letters", "p@ssw0rd1!".repeat(25)),
        ("substitutions among Cyrillic", "п@р0ль1!".repeat(30)),
        ("keyboard walk", "12".repeat(128)),
        ("long keyboard walk", "qwertyuiopasdfghjklzxcvbnm".repeat(9)),
        ("Cyrillic keyboard walk", "йцукенгшщзфывапролдж".repeat(12)),
        ("one letter", "a".repeat(256)),
        ("sequences and dates", "abcdef19851231".repeat(18)),
        ("words without blanks", "correcthorsebatterystaple".repeat(10)),
        ("emoji", "🦀".repeat(256)),
    ];
    println!("budget {} ms, median of {ROUNDS}\n", BUDGET.as_millis());
    println!("| password | characters | ms |");
    println!("|---|---|---|");
    let mut most = Duration::ZERO;
    for (name, text) in passwords {
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| time(&text)).collect();
        times.sort();
        let median = times[ROUNDS / 2];
        most = most.max(median);
        println!("| {name} | {} | {:.2} |", text.chars().count(), median.as_secs_f64() * 1e3);
    }
    let verdict = if most <= BUDGET { "within" } else { "beyond" };
    println!("\nmaximum {:.2} ms, {verdict} the budget", most.as_secs_f64() * 1e3);
}

fn time(text: &str) -> Duration {
    let began = Instant::now();
    // A weak password is a result, too.
    let _ = std::hint::black_box(Password::parse(text.to_owned(), &[]));
    began.elapsed()
}
