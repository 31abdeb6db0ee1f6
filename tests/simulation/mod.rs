//! The faults of the cloud on one machine. One thread, a clock that stands still
//! while a task can run, and a seed that decides on everything: the faults of each
//! call, late, repeated and split deliveries, and the instances that are killed
//! between two steps.
//!
//! First, users work with the platform under faults; then the faults end, all pending
//! events are handled, and every invariant must hold.
//!
//! | module | contents |
//! |---|---|
//! | `faults` | faults of each call |
//! | `connector` | the SDK's way to AWS, with faults |
//! | `later` | data of a later release |
//! | `aws`, `stream`, `bus`, `queues` | AWS: the engine of the local cloud, and deliveries by hand |
//! | `platform`, `pollers` | the functions' instances, and the pollers that feed and kill them |
//! | `client`, `ledger` | callers, and their knowledge |
//! | `workload` | actions of users |
//! | `seeds` | many seeds |
//! | `invariants` | invariants at the end: groups add theirs |

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

/// Maximum time for handling everything after the faults: a message that was taken
/// comes again after minutes.
const HEALING: Duration = Duration::from_mins(20);

/// Time after which earlier reservations have expired and orders of deleted accounts
/// are swept.
const SWEPT: Duration = Duration::from_mins(4);

/// Time after which revoked tokens are refused.
const REVOKED: Duration = Duration::from_millis(5_100);

/// Outcome of a seed.
#[derive(Debug)]
pub struct Outcome {
    pub seed: u64,
    /// Hash of the whole trace.
    pub fingerprint: u64,
    /// The trace, if it was to be kept.
    pub trace: Vec<String>,
    /// Number of occurrences of each fault.
    pub faults: BTreeMap<&'static str, u64>,
    /// Number of calls to AWS.
    pub calls: u64,
    /// Violations.
    pub broken: Vec<String>,
}

/// A subscriber without effect. The SDK draws a random number for each span that is
/// read, and without this, a subscriber on another thread is enough for that.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// Runs one seed.
pub fn simulate(seed: u64, keep_trace: bool) -> Outcome {
    let _diagnostics = tracing::dispatcher::set_default(&NOBODY);
    // The SDK draws its pauses from this generator.
    fastrand::seed(seed);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(run(seed, keep_trace))
}

/// Waits until all pending events are handled.
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
    // A call that was running at the end of the faults may start something.
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
