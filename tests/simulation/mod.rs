//! The faults of the cloud on one machine. One thread, a clock that stands still
//! while there is something to do, and a seed that decides on everything: which
//! call fails and how, what is delivered late, twice or apart, who is killed
//! between which two steps.
//!
//! First people use the platform while everything fails; then nothing fails any
//! more, everything that waits is handled, and every invariant must hold.
//!
//! | module | what it holds |
//! |---|---|
//! | `faults` | which call meets which fault |
//! | `connector` | the SDK's way to AWS, with faults |
//! | `later` | what a later release writes |
//! | `aws`, `stream`, `bus`, `queues` | AWS: the engine of the local cloud, and deliveries by hand |
//! | `platform`, `pollers` | the functions' instances, and what feeds and kills them |
//! | `client`, `ledger` | callers, and what they know |
//! | `workload` | what people do |
//! | `seeds` | many of them |
//! | `invariants` | what must be so in the end: groups add theirs |

mod aws;
mod bus;
mod client;
mod connector;
mod faults;
mod invariants;
mod later;
mod ledger;
mod platform;
mod pollers;
mod queues;
pub mod seeds;
mod stream;
mod trace;
mod workload;

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use invariants::{ALL, Aftermath};
use platform::Platform;
use tokio::time::{Instant, sleep};
use trace::Trace;
use tracing::{Dispatch, subscriber::NoSubscriber};

/// Maximum time of healing: a received message is delivered again after minutes.
const HEALING: Duration = Duration::from_mins(20);

/// After how long no reservation is left that began before, and nobody's orders
/// who is gone.
const SWEPT: Duration = Duration::from_mins(4);

/// After how long nothing that was revoked works.
const REVOKED: Duration = Duration::from_millis(5_100);

/// Outcome of a seed.
#[derive(Debug)]
pub struct Outcome {
    pub seed: u64,
    /// Stands for everything that happened.
    pub fingerprint: u64,
    /// Trace, if it is kept.
    pub trace: Vec<String>,
    /// Number of times of each fault.
    pub faults: BTreeMap<&'static str, u64>,
    /// Number of calls to AWS.
    pub calls: u64,
    /// Violations.
    pub broken: Vec<String>,
}

/// Nobody reads diagnostics here. The SDK draws a number for each of its spans
/// that somebody reads, and without this, somebody on another thread is enough.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// Runs one seed.
pub fn simulate(seed: u64, keep_trace: bool) -> Outcome {
    let _diagnostics = tracing::dispatcher::set_default(&NOBODY);
    // The SDK draws its pauses here.
    fastrand::seed(seed);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(run(seed, keep_trace))
}

/// Waits until everything is handled that waits.
async fn settle(platform: &Platform, end: Instant) {
    while !platform.aws.is_idle() && Instant::now() < end {
        sleep(Duration::from_secs(1)).await;
    }
}

async fn run(seed: u64, keep_trace: bool) -> Outcome {
    let platform = Platform::start(seed, Trace::new(keep_trace)).await;
    workload::found(&platform).await;
    let pollers = pollers::start(&platform);

    platform.aws.faults.turn(true);
    workload::run(&platform).await;
    platform.aws.faults.turn(false);

    let end = Instant::now() + HEALING;
    settle(&platform, end).await;
    sleep(SWEPT).await;
    settle(&platform, end).await;
    // A call that was running when the faults ended may still begin something.
    sleep(REVOKED).await;
    let items = platform.aws.items(&platform.stack.table.name).await;
    let aftermath = Aftermath { platform: &platform, items, healed_at: platform.lines().len() };
    let mut broken = std::mem::take(&mut platform.ledger().broken);
    for invariant in ALL {
        let faults = (invariant.faults)(&aftermath).await;
        broken.extend(faults.into_iter().map(|fault| format!("{}: {fault}", invariant.name)));
    }
    drop(pollers);
    Outcome {
        seed,
        fingerprint: platform.aws.trace.fingerprint(),
        trace: platform.aws.trace.lines(),
        faults: platform.aws.faults.tally(),
        calls: platform.aws.faults.calls(),
        broken,
    }
}
