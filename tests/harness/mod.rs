//! A platform in memory for each test: real functions, real SDK, real table, bus and
//! queues, and no sockets. Its clock stands still and its ids are seeded.
//!
//! [`test`] fails a test that leaves undelivered events or dead letters, exceeds a
//! store operation's budget, calls AWS beyond a function's policy, gets an
//! undocumented reply, logs an error or answers with a 5xx without naming it
//! ([`App::expects_errors`]), or leaks personal data.

mod answering;
pub mod between;
mod bus;
mod canary;
pub mod client;
mod conflicts;
pub mod document;
mod errors;
pub mod lines;
pub mod operation;
pub mod parameters;
pub mod permissions;
pub mod policy;
pub mod walks;

use std::{
    fmt::Debug,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

pub use answering::{answering, interrupting, losing_an_answer, throttling};
use canary::Canary;
pub use client::PASSWORD;
pub use conflicts::Conflicts;
use errors::Errors;
pub use lines::Lines;
use local::{
    Undelivered,
    cloud::Mail,
    platform::{Data, Options, Platform},
};
use permissions::Permissions;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use shared::{
    Environment,
    clock::{Clock, Timestamp},
};
use tokio::runtime::Runtime;

/// Time at the start of a test.
const BEGIN: &str = "2026-01-01T00:00:00.000Z";

/// A platform under test.
pub struct App {
    pub platform: Platform,
    pub lines: Lines,
    pub permissions: Permissions,
    pub canary: Canary,
    errors: Errors,
    /// Operations whose lists are longer than their budgets assume.
    long_lists: Mutex<Vec<&'static str>>,
    now: Arc<AtomicI64>,
    /// Seed of the ids of each instance of a function.
    instances: AtomicU64,
}

/// Runs `scenario` on a platform of its own, then settles and checks it.
pub fn test(scenario: impl AsyncFnOnce(&App)) {
    test_of(|_| {}, scenario);
}

/// Runs [`test`] on a stack with a changed template.
pub fn test_of(change: impl FnOnce(&mut Value), scenario: impl AsyncFnOnce(&App)) {
    run(change, async |app| {
        scenario(app).await;
        app.check_dead_letters().await;
    });
}

/// Runs [`test`] with the data in a folder: in memory the engine has no index of its
/// stream and reads all of it at every write. In a folder the engine expires items by
/// the system's clock, so the test's clock begins at the present.
pub fn test_in_a_folder(scenario: impl AsyncFnOnce(&App)) {
    let folder = tempfile::tempdir().unwrap();
    run_on(Data::Folder(folder.path().to_owned()), |_| {}, scenario);
}

/// Runs [`test`] for a scenario that leaves dead letters on purpose.
pub fn test_with_dead_letters(scenario: impl AsyncFnOnce(&App)) {
    run(|_| {}, scenario);
}

/// Checks a property of up to `cases` values, all on one platform that `prepare` sets
/// up; a failing value is shrunk. The values are the same in every run. Budgets are
/// not checked, as they assume typical items.
#[expect(clippy::needless_pass_by_value, reason = "callers write closures")]
pub fn property<S, T: Debug>(
    cases: u32,
    values: impl Strategy<Value = T>,
    prepare: impl AsyncFnOnce(&App) -> S,
    holds: impl AsyncFn(&App, &S, T),
) {
    let runtime = runtime();
    let app = runtime.block_on(App::start(Data::Memory, with_cheap_passwords));
    let _diagnostics = tracing::subscriber::set_default(app.canary.clone());
    let prepared = runtime.block_on(prepare(&app));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 256, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let found = TestRunner::new_with_rng(config, random).run(&values, |value| {
        runtime.block_on(holds(&app, &prepared, value));
        Ok(())
    });
    if let Err(failure) = found {
        panic!("{failure}");
    }
    runtime.block_on(app.finish());
}

fn run(change: impl FnOnce(&mut Value), scenario: impl AsyncFnOnce(&App)) {
    run_on(Data::Memory, change, scenario);
}

fn run_on(data: Data, change: impl FnOnce(&mut Value), scenario: impl AsyncFnOnce(&App)) {
    runtime().block_on(async {
        let app = App::start(data, change).await;
        let _diagnostics = tracing::subscriber::set_default(app.canary.clone());
        scenario(&app).await;
        app.platform.settle().await;
        app.lines.check_budgets(&app.long_lists.lock().unwrap());
        app.finish().await;
    });
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Makes password hashes cheap, for tests with many accounts.
pub fn with_cheap_passwords(template: &mut Value) {
    for function in ["AuthApi", "UsersApi"] {
        let variables = &mut template["Resources"][function]["Properties"]["Environment"]["Variables"];
        variables["PASSWORD_COST"] = "m=64,t=1,p=1".into();
    }
}

impl App {
    async fn start(data: Data, change: impl FnOnce(&mut Value)) -> Self {
        let begin = match data {
            Data::Memory => BEGIN.parse::<Timestamp>().unwrap(),
            Data::Folder(_) => Clock::system().now(),
        };
        let now = Arc::new(AtomicI64::new(begin.millis()));
        let lines = Lines::default();
        let clock = Arc::clone(&now);
        let permissions = Permissions::default();
        let gate = permissions.clone();
        let canary = Canary::default();
        let overhearing = canary.clone();
        let mut options = Options {
            data,
            connect: Arc::new(move |function, client| overhearing.overhear(gate.hold(function, client))),
            clock: Clock::from_fn(move || Timestamp::from_millis(clock.load(Ordering::Relaxed))),
            random: crate::seeded::random(0),
            log: lines.log(),
            ..Options::memory().unwrap()
        };
        // Small enough for snapshots to be written in tests.
        options.template.value["Parameters"]["TreeSnapshotEvery"]["Default"] = 8.into();
        options.template.value["Parameters"]["AgendaSnapshotEvery"]["Default"] = 8.into();
        change(&mut options.template.value);
        let platform = Platform::start(options).await.unwrap();
        let (errors, instances) = (Errors::default(), AtomicU64::new(1));
        // Users of tests sign in more often than typical ones, and snapshots are as large as
        // what the test has published.
        let long_lists = Mutex::new(vec![
            "auth.list_sessions",
            "events.put_agenda_snapshot_part",
            "events.list_agenda_snapshot",
            "events.remove_agenda_snapshot",
        ]);
        Self { platform, lines, permissions, canary, errors, long_lists, now, instances }
    }

    /// Expects server errors: each text is the beginning of a line's outcome and
    /// cause (`503: deadline`) and must occur at least once. Any other error fails
    /// the test.
    pub fn expects_errors(&self, errors: &[&'static str]) {
        self.errors.expect(errors);
    }

    /// Tolerates server errors that depend on the speed of the machine; they need not
    /// occur.
    pub fn tolerates_errors(&self, errors: &[&'static str]) {
        self.errors.tolerate(errors);
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::Relaxed))
    }

    async fn check_dead_letters(&self) {
        self.platform.settle().await;
        let dead_letters = self.platform.undelivered().await.dead_letters;
        assert!(dead_letters.is_empty(), "dead letters: {dead_letters:?}");
    }

    /// Checks that apply to every test.
    async fn finish(self) {
        self.platform.settle().await;
        let undelivered = Undelivered { dead_letters: Vec::new(), ..self.platform.undelivered().await };
        assert!(undelivered.is_empty(), "undelivered: {undelivered:?}");
        assert!(self.permissions.denied().is_empty(), "denied: {:#?}", self.permissions.denied());
        self.canary.sees("a log line", self.lines.text());
        for letter in self.platform.undelivered().await.dead_letters {
            self.canary.sees("a dead letter", letter.body);
        }
        self.canary.check();
        self.errors.check(&self.lines);
        self.platform.shutdown().await;
    }

    /// Advances the clock.
    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// The mails to `address`, after everything has been delivered.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.platform.settle().await;
        self.platform.mails().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// The token in the latest link mailed to `address`.
    pub async fn mailed_token(&self, address: &str) -> String {
        let mail = self.mails_to(address).await.pop().expect("a mail");
        let (_, rest) = mail.text.split_once("token=").expect("a link");
        let token = rest.split_whitespace().next().expect("a token").to_owned();
        self.canary.keep_secret(&token);
        token
    }

    /// Follows the link that was mailed to `address`, and enters the password. This
    /// ends earlier sessions.
    pub async fn confirm_email(&self, address: &str) {
        let token = self.mailed_token(address).await;
        let body = serde_json::json!({ "token": token, "password": PASSWORD });
        assert_eq!(self.post("/api/v1/auth/email-verification-confirm", body).await.status, 204);
    }

    /// The envelopes in an item's outbox.
    pub async fn outbox(&self, pk: &str, sk: &str) -> Value {
        let item = self.item(pk, sk).await.expect("an item");
        let events = item.get("events").and_then(|value| value.as_s().ok()).expect("an outbox");
        serde_json::from_str(events).unwrap()
    }

    /// An item of the table, with all attributes.
    pub async fn item(&self, pk: &str, sk: &str) -> Option<shared::table::item::Attributes> {
        let key = shared::table::schema::Key { pk: pk.to_owned(), sk: sk.to_owned() };
        self.dynamodb()
            .get_item()
            .table_name(&self.platform.stack().table.name)
            .set_key(Some(shared::table::item::key_attributes(key)))
            .send()
            .await
            .unwrap()
            .item
    }

    /// The environment of a second instance of a function.
    pub fn environment(&self, id: &str) -> Environment {
        let function = &self.platform.stack().functions[id];
        let now = Arc::clone(&self.now);
        let connection = self.permissions.hold(function, self.platform.cloud().http_client());
        let connection = self.canary.overhear(connection);
        Environment {
            variables: function.variables.clone().into_iter().collect(),
            aws: client::sdk_config(&self.platform).into_builder().http_client(connection).build(),
            clock: Clock::from_fn(move || Timestamp::from_millis(now.load(Ordering::Relaxed))),
            random: crate::seeded::random(self.instances.fetch_add(1, Ordering::Relaxed)),
            log: self.lines.log(),
        }
    }

    /// A client of the table without a function's policy.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&client::sdk_config(&self.platform))
    }
}
