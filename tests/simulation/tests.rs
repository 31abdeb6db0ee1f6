//! The seeds that every change must pass.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use super::simulate;

/// How many seeds a change must pass.
const SEEDS: u64 = 2_000;

#[test]
fn every_invariant_holds_after_every_seed() {
    let next = AtomicU64::new(0);
    let found = Mutex::new((Vec::new(), BTreeMap::<&str, u64>::new()));
    let threads = thread::available_parallelism().map_or(4, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= SEEDS {
                        return;
                    }
                    let outcome = simulate(seed, false);
                    let (broken, faults) = &mut *found.lock().unwrap();
                    broken.extend(outcome.broken.into_iter().map(|what| format!("SEED={seed}: {what}")));
                    for (name, count) in outcome.faults {
                        *faults.entry(name).or_default() += count;
                    }
                }
            });
        }
    });
    let (broken, faults) = found.into_inner().unwrap();
    println!("{faults:#?}");
    assert!(
        broken.is_empty(),
        "{} faults\n{}\nrepeat one with: SEED=… cargo test -p tests --test all simulation::tests::one_seed -- --nocapture",
        broken.len(),
        broken.join("\n"),
    );
}

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
