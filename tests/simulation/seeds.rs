//! Many seeds, as many concurrently as the machine has cores. They share only the
//! template.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use super::{Outcome, simulate};

/// Outcome of many seeds.
#[derive(Debug, Default)]
pub struct Summary {
    /// Violations, one a line.
    pub broken: Vec<String>,
    /// Number of occurrences of each fault.
    pub faults: BTreeMap<&'static str, u64>,
    /// Number of calls to AWS.
    pub calls: u64,
    /// Hash of all traces.
    pub fingerprint: u64,
}

impl Summary {
    /// Adds another summary.
    pub fn merge(&mut self, other: Self) {
        self.broken.extend(other.broken);
        self.calls += other.calls;
        self.fingerprint ^= other.fingerprint;
        for (name, count) in other.faults {
            *self.faults.entry(name).or_default() += count;
        }
    }

    fn of(outcome: Outcome) -> Self {
        let Outcome { seed, broken, faults, calls, fingerprint, .. } = outcome;
        let broken = broken.into_iter().map(|what| format!("SEED={seed}: {what}"));
        Self { broken: broken.collect(), faults, calls, fingerprint }
    }
}

/// Runs every seed of `seeds`.
pub fn run(seeds: Range<u64>) -> Summary {
    let next = AtomicU64::new(seeds.start);
    let summary = Mutex::new(Summary::default());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let outcome = simulate(seed, false);
                    summary.lock().unwrap().merge(Summary::of(outcome));
                }
            });
        }
    });
    summary.into_inner().unwrap()
}

/// The command that repeats a seed.
pub const REPEAT: &str = "SEED=… cargo test -p tests --test all seeds::one_seed -- --nocapture";
