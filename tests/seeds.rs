//! The seeds of the simulation that every change must pass.

use crate::simulation::{
    seeds::{REPEAT, run},
    simulate,
};

/// Number of seeds for every change; `.ci/nightly` runs those that follow.
const SEEDS: u64 = 300;

#[test]
fn every_invariant_holds_after_every_seed() {
    let summary = run(0..SEEDS);
    println!("{} calls, {:#?}", summary.calls, summary.faults);
    let broken = summary.broken.join("\n");
    assert!(broken.is_empty(), "{broken}\nonce more: {REPEAT}");
    // Every fault must occur, or the seeds prove nothing about it.
    let rare: Vec<_> = summary.faults.iter().filter(|(_, count)| **count < SEEDS / 20).collect();
    assert!(rare.is_empty() && summary.faults.len() == 15, "{rare:?} of {:?}", summary.faults);
}

/// The seed in the variable: `SEED=7 cargo test …`.
#[test]
fn one_seed() {
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let outcome = simulate(seed, true);
    println!("{}\n{:#?}", outcome.trace.join("\n"), outcome.faults);
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
}

#[test]
fn the_same_seed_is_the_same_again() {
    for seed in 0..20 {
        let (first, second) = (simulate(seed, true), simulate(seed, true));
        for (one, other) in first.trace.iter().zip(&second.trace) {
            assert_eq!(one, other, "seed {seed}");
        }
        assert_eq!(first.fingerprint, second.fingerprint, "seed {seed}");
    }
}
