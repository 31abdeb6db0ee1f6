//! The platform of one seed: instances of every function, started when they are
//! needed and killed at any moment, and the pollers that feed them.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::{SdkConfig, region::Region};
use local::{
    functions::{FUNCTIONS, Handler},
    gateway::Routes,
    stack::{Stack, Template},
};
use shared::{
    Environment,
    clock::{Clock, Timestamp},
    lambda::Invocation,
    telemetry::{Line, Log},
};
use tokio::time::Instant;

use super::{aws::Aws, connector, ledger::Ledger, trace::Trace};
use crate::seeded::{self, Dice};

/// Time at the start of a seed.
const BEGIN: &str = "2026-01-01T00:00:00.000Z";

/// Number of instances of a function.
pub const INSTANCES: usize = 2;

/// Limits of the reservations of an account, low enough to be reached.
pub const RESERVED_ORDERS: &str = "2";
pub const RESERVED_QUANTITY: &str = "5";

/// Variables that differ from the template: passwords without cost, a snapshot of the
/// tree and of the agenda every few changes, reservations that expire during a run, and low limits of
/// reservations.
const VARIABLES: [(&str, &str); 6] = [
    ("PASSWORD_COST", "m=8,t=1,p=1"),
    ("TREE_SNAPSHOT_EVERY", "4"),
    ("AGENDA_SNAPSHOT_EVERY", "4"),
    ("RESERVATION_MINUTES", "1"),
    ("RESERVED_ORDERS", RESERVED_ORDERS),
    ("RESERVED_QUANTITY", RESERVED_QUANTITY),
];

/// The template is the same for all seeds.
static STACK: LazyLock<Stack> = LazyLock::new(|| {
    let template = Template::read(&Template::path()).unwrap();
    Stack::of(&template, &local::settings::parameters("https://agora.example")).unwrap()
});

/// Number of platforms in this process.
static RUNS: AtomicU64 = AtomicU64::new(0);

/// See the [module](self).
pub struct Platform {
    pub seed: u64,
    /// Number of this platform in the process.
    run: u64,
    pub stack: &'static Stack,
    pub routes: Routes,
    pub aws: Arc<Aws>,
    pub clock: Clock,
    instances: Mutex<BTreeMap<(String, usize), Arc<Handler>>>,
    started: Mutex<u64>,
    lines: Arc<Mutex<Vec<Line>>>,
    ledger: Mutex<Ledger>,
}

impl Platform {
    /// Starts a platform without data. Its clock is the runtime's.
    pub async fn start(seed: u64, trace: Trace) -> Arc<Self> {
        let (stack, started) = (&*STACK, Instant::now());
        let begin: Timestamp = BEGIN.parse().unwrap();
        let clock = Clock::from_fn(move || begin + started.elapsed());
        Arc::new(Self {
            seed,
            run: RUNS.fetch_add(1, Ordering::Relaxed),
            routes: Routes::of(stack),
            stack,
            aws: Aws::start(seed, stack, &clock, trace).await,
            clock,
            instances: Mutex::default(),
            started: Mutex::default(),
            lines: Arc::default(),
            ledger: Mutex::default(),
        })
    }

    /// An instance of a function; starts it if it does not run.
    pub async fn instance(&self, id: &str, number: usize) -> Arc<Handler> {
        let key = (id.to_owned(), number);
        let running = self.instances.lock().unwrap().get(&key).cloned();
        if let Some(handler) = running {
            return handler;
        }
        let declared = FUNCTIONS.iter().find(|declared| declared.id == id).unwrap();
        let handler =
            declared.start(self.environment(declared.id)).await.unwrap_or_else(|error| panic!("{error}"));
        let handler = Arc::new(handler);
        self.instances.lock().unwrap().insert(key, Arc::clone(&handler));
        handler
    }

    /// Kills an instance with its state in memory.
    pub fn kill(&self, id: &str, number: usize) {
        self.instances.lock().unwrap().remove(&(id.to_owned(), number));
    }

    /// The environment of a new instance.
    fn environment(&self, id: &'static str) -> Environment {
        let number = {
            let mut started = self.started.lock().unwrap();
            *started += 1;
            *started
        };
        let variables = self.stack.functions[id].variables.clone().into_iter();
        let cheap = VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let lines = Arc::clone(&self.lines);
        Environment {
            variables: variables.chain(cheap).collect(),
            aws: self.sdk_config(id),
            clock: self.clock.clone(),
            random: seeded::random(Dice::new(&[self.seed, 0x1d, number]).roll()),
            log: Log::from_fn(move |line| lines.lock().unwrap().push(line.clone())),
        }
    }

    /// The AWS configuration of a caller, with the timeouts that functions have.
    pub fn sdk_config(&self, caller: &'static str) -> SdkConfig {
        let credentials = Credentials::new(caller, "simulation", None, None, "simulation");
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1));
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            // The SDK counts its retries by region, in the whole process: a region of
            // its own separates each run from the retries of the others.
            .region(Region::new(format!("run-{}", self.run)))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .timeout_config(timeouts.build())
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .http_client(connector::http_client(&self.aws, caller))
            .build()
    }

    /// The callers' knowledge.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The canonical lines so far.
    pub fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    /// An invocation of a function that begins now.
    pub fn invocation(&self, id: &str) -> Invocation {
        let deadline = Instant::now() + self.stack.functions[id].timeout;
        Invocation { deadline, client_address: Some([127, 0, 0, 1].into()) }
    }

    /// Lifetime of an invocation in polls; `None`: it is not killed.
    pub fn lifetime(&self, dice: &mut Dice) -> Option<usize> {
        (self.aws.faults.are_on() && dice.happens(30)).then(|| 1 + dice.below(40))
    }
}

/// Runs `work` until it is done, or killed after `lifetime` polls.
pub async fn mortal<T>(work: impl Future<Output = T>, lifetime: Option<usize>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = lifetime.unwrap_or(usize::MAX);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
