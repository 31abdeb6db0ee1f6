//! A platform in memory for each test: real functions, real SDK, real table,
//! bus and queues, and no sockets. Its clock stands still and its ids are
//! seeded.
//!
//! [`test`] fails a test that leaves events undelivered or dead letters behind,
//! that costs more than a store operation's budget, that asks for what a
//! function's policy does not allow, that gets an answer which is not as
//! documented, that logs an error or answers with a 5xx and does not say so
//! ([`App::expects_errors`]), or that lets anything personal out.

mod answering;
mod between;
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

/// The clock's time when a test begins.
const BEGIN: &str = "2026-01-01T00:00:00.000Z";

/// A platform under test.
pub struct App {
    pub platform: Platform,
    pub lines: Lines,
    pub permissions: Permissions,
    pub canary: Canary,
    errors: Errors,
    /// Operations whose lists are longer here than their budgets have them.
    long_lists: Mutex<Vec<&'static str>>,
    now: Arc<AtomicI64>,
    /// Each instance of a function draws ids of its own.
    instances: AtomicU64,
}

/// Runs `scenario` on a platform of its own, then settles and checks it.
pub fn test(scenario: impl AsyncFnOnce(&App)) {
    test_of(|_| {}, scenario);
}

/// As [`test`], of a stack that `change` makes of the template.
pub fn test_of(change: impl FnOnce(&mut Value), scenario: impl AsyncFnOnce(&App)) {
    run(change, async |app| {
        scenario(app).await;
        app.check_dead_letters().await;
    });
}

/// As [`test`], with the data in a folder: in memory the engine has no index of its
/// stream, and reads the whole of it at every write. The engine expires what it has
/// in a folder by the system's clock, so the test's clock stands at the present.
pub fn test_in_a_folder(scenario: impl AsyncFnOnce(&App)) {
    let folder = tempfile::tempdir().unwrap();
    run_on(Data::Folder(folder.path().to_owned()), |_| {}, scenario);
}

/// As [`test`], for a scenario that means to leave dead letters behind.
pub fn test_with_dead_letters(scenario: impl AsyncFnOnce(&App)) {
    run(|_| {}, scenario);
}

/// Checks a property of many values: `holds` is called with up to `cases` of them, all
/// on one platform that `prepare` has made ready, and a failing one is made as small as
/// possible. The values are the same every time; the budgets, which are of typical
/// items, are not held against them.
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

/// Makes the hashing of passwords cheap, where many accounts are wanted and none
/// is to be kept safe.
pub fn with_cheap_passwords(template: &mut Value) {
    for function in ["AuthApi", "UsersApi"] {
        let variables = &mut template["Resources"][function]["Properties"]["Environment"]["Variables"];
        variables["PASSWORD_MEMORY_KIB"] = "64".into();
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
        // Often enough to be seen.
        options.template.value["Parameters"]["TreeSnapshotEvery"]["Default"] = 8.into();
        change(&mut options.template.value);
        let platform = Platform::start(options).await.unwrap();
        let (errors, instances) = (Errors::default(), AtomicU64::new(1));
        // Tests sign in more often than people do.
        let long_lists = Mutex::new(vec!["auth.list_sessions"]);
        Self { platform, lines, permissions, canary, errors, long_lists, now, instances }
    }

    /// Says that the test provokes errors on our side: outcome and cause of a line
    /// begin so (`503: deadline`), each at least once. Any other fails it.
    pub fn expects_errors(&self, errors: &[&'static str]) {
        self.errors.expect(errors);
    }

    /// The clock's time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::Relaxed))
    }

    async fn check_dead_letters(&self) {
        self.platform.settle().await;
        let dead_letters = self.platform.undelivered().await.dead_letters;
        assert!(dead_letters.is_empty(), "dead letters: {dead_letters:?}");
    }

    /// Checks at the end of every test.
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

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// The mails to `address`, once everything has been delivered.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.platform.settle().await;
        self.platform.mails().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// The token of the link that was mailed to `address` last.
    pub async fn mailed_token(&self, address: &str) -> String {
        let mail = self.mails_to(address).await.pop().expect("a mail");
        let (_, rest) = mail.text.split_once("token=").expect("a link");
        let token = rest.split_whitespace().next().expect("a token").to_owned();
        self.canary.keep_secret(&token);
        token
    }

    /// Follows the link that was mailed to `address`, and shows the password. Sessions
    /// from before have ended then.
    pub async fn confirm_email(&self, address: &str) {
        let token = self.mailed_token(address).await;
        let body = serde_json::json!({ "token": token, "password": PASSWORD });
        assert_eq!(self.post("/api/v1/auth/email-verification-confirm", body).await.status, 204);
    }

    /// The envelopes of the events that an item carries in its outbox.
    pub async fn outbox(&self, pk: &str, sk: &str) -> Value {
        let item = self.item(pk, sk).await.expect("an item");
        let events = item.get("events").and_then(|value| value.as_s().ok()).expect("an outbox");
        serde_json::from_str(events).unwrap()
    }

    /// An item of the table, as it stands there.
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

    /// Environment of the local platform for a function, for a second instance of it.
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

    /// A client of the table that no function's policy binds.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&client::sdk_config(&self.platform))
    }
}
