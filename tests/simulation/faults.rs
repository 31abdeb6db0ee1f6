//! Faults: for each call to AWS, a function of the seed and the call's number. Each
//! seed has its own rate, and not every seed has every fault, so that one cannot hide
//! another.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::seeded::Dice;

/// Fault of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No fault.
    None,
    /// The connection breaks before the call is performed.
    Refused,
    /// The service fails before the call is performed.
    Broken,
    /// The service throttles the call.
    Throttled,
    /// Another transaction is at the item.
    Conflict,
    /// The call is performed, and the connection breaks before the answer.
    Lost,
    /// The call is performed, and the answer comes after the time-out.
    Slow,
    /// The call is performed after the time-out.
    Late,
    /// An eventually consistent read shows an earlier state.
    Stale,
    /// Some of several entries are not accepted.
    Unprocessed,
}

/// Kind of a call, which decides on its possible faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A strongly consistent read.
    Read,
    /// An eventually consistent read.
    WeakRead,
    /// One or several writes of the table.
    Write,
    /// Events for the bus.
    Events,
    /// Any other call: a mail, a message, a secret.
    Other,
}

impl Fault {
    fn possible(kind: Kind) -> &'static [Self] {
        use Fault::{Broken, Conflict, Late, Lost, Refused, Slow, Stale, Throttled, Unprocessed};
        match kind {
            Kind::Read | Kind::Other => &[Refused, Broken, Throttled, Lost, Slow],
            Kind::WeakRead => &[Refused, Throttled, Lost, Slow, Stale, Stale, Stale, Stale],
            Kind::Write => &[Refused, Broken, Throttled, Conflict, Conflict, Lost, Lost, Slow, Late],
            Kind::Events => &[Refused, Broken, Throttled, Lost, Slow, Late, Unprocessed, Unprocessed],
        }
    }

    /// Name of the fault in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Refused => "refused",
            Self::Broken => "broken",
            Self::Throttled => "throttled",
            Self::Conflict => "conflict",
            Self::Lost => "applied, answer lost",
            Self::Slow => "applied, answer late",
            Self::Late => "applied after the deadline",
            Self::Stale => "stale read",
            Self::Unprocessed => "unprocessed entries",
        }
    }
}

/// Fault and latency of one call.
#[derive(Debug)]
pub struct Plan {
    /// The call's number.
    pub number: u64,
    /// Fault.
    pub fault: Fault,
    /// Latency to the service, and back.
    pub latency: (Duration, Duration),
    /// Dice for further decisions on the call.
    pub dice: Dice,
}

/// The faults of a seed.
#[derive(Debug)]
pub struct Faults {
    seed: u64,
    /// Faults in a thousand calls.
    rate: usize,
    left_out: Fault,
    on: AtomicBool,
    calls: AtomicU64,
    tally: Mutex<BTreeMap<&'static str, u64>>,
}

impl Faults {
    /// Makes the faults of a seed, turned off.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(&[seed, 0xfa17]);
        let rate = *dice.pick(&[0, 20, 60, 120, 250]).unwrap();
        let kinds = [Kind::Read, Kind::WeakRead, Kind::Write, Kind::Events];
        let possible = Fault::possible(*dice.pick(&kinds).unwrap());
        let left_out = *dice.pick(possible).unwrap();
        let (on, calls, tally) = Default::default();
        Self { seed, rate, left_out, on, calls, tally }
    }

    /// Turns them on or off.
    pub fn turn(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    /// True if they are on.
    pub fn are_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// True if calls can fail in this seed.
    pub fn can_happen(&self) -> bool {
        self.rate > 0
    }

    /// Decides on the next call.
    pub fn plan(&self, kind: Kind) -> Plan {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut dice = Dice::new(&[self.seed, number]);
        let latency = (dice.millis(20), dice.millis(10));
        let mut fault = Fault::None;
        if self.are_on() && dice.happens(self.rate) {
            fault = *dice.pick(Fault::possible(kind)).unwrap();
            if fault == self.left_out {
                fault = Fault::None;
            }
        }
        if fault != Fault::None {
            self.count(fault.name());
        }
        Plan { number, fault, latency, dice }
    }

    /// Counts an occurrence of a fault.
    pub fn count(&self, fault: &'static str) {
        *self.tally.lock().unwrap().entry(fault).or_default() += 1;
    }

    /// Number of occurrences of each fault.
    pub fn tally(&self) -> BTreeMap<&'static str, u64> {
        self.tally.lock().unwrap().clone()
    }

    /// Number of calls.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }
}
