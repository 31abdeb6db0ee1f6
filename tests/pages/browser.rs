//! A headless Chromium, shared by all running tests, and a platform for each of them.

use std::{
    io::Write as _,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chromiumoxide::{Browser, BrowserConfig, cdp::browser_protocol::target::CreateBrowserContextParams};
use futures::StreamExt as _;
use local::platform::{Options, Platform};
use reqwest::Method;
use serde_json::{Value, json};
use shared::clock::{Clock, Timestamp};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::tab::Tab;

/// Maximum duration of a visit, for a browser that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Maximum age of the search's state.
const SEARCH_AGE: Duration = Duration::from_secs(5);

/// The platform of a test.
pub struct Site<'a> {
    platform: Platform,
    chromium: &'a Chromium,
    client: reqwest::Client,
    /// Milliseconds that the platform's clock is ahead of the machine's.
    ahead: Arc<AtomicI64>,
}

/// Runs a visit to a platform of its own.
pub fn browse(visit: impl AsyncFnOnce(&Site<'_>)) {
    let Some(chromium) = Chromium::shared() else { return };
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // The last owner closes the browser, which a task must not do: so the task only
    // borrows it.
    runtime.block_on(async {
        let ahead = Arc::new(AtomicI64::new(0));
        let shared = Arc::clone(&ahead);
        let system = Clock::system();
        let clock = Clock::from_fn(move || {
            Timestamp::from_millis(system.now().millis() + shared.load(Ordering::Relaxed))
        });
        let options = Options { port: Some(0), clock, ..Options::memory().unwrap() };
        let platform = Platform::start(options).await.unwrap();
        let site = Site { platform, chromium: &chromium, client: reqwest::Client::new(), ahead };
        tokio::time::timeout(PATIENCE, visit(&site)).await.expect("a visit is a matter of seconds");
        site.platform.shutdown().await;
    });
}

impl Site<'_> {
    /// Origin of the platform.
    pub fn origin(&self) -> String {
        format!("http://{}", self.platform.address().unwrap())
    }

    /// Opens a page in a new tab.
    pub async fn open(&self, path: &str) -> Tab {
        let tab = self.tab().await;
        tab.go_to(&format!("{}{path}", self.origin())).await;
        tab
    }

    /// Opens an empty tab.
    pub async fn tab(&self) -> Tab {
        Tab::new(&self.chromium.browser, self.origin(), None).await
    }

    /// Opens a page in a tab that shares nothing with other tabs: another person's browser.
    pub async fn open_apart(&self, path: &str) -> Tab {
        let context = self.chromium.browser.create_browser_context(CreateBrowserContextParams::default());
        let tab = Tab::new(&self.chromium.browser, self.origin(), Some(context.await.unwrap())).await;
        tab.go_to(&format!("{}{path}", self.origin())).await;
        tab
    }

    /// Moves the platform's clock forward.
    pub fn advance(&self, duration: Duration) {
        self.ahead.fetch_add(duration.as_millis().try_into().unwrap(), Ordering::Relaxed);
    }

    /// Sends a `POST` of a JSON body without the browser; returns status and body.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.origin())).json(body);
        let reply = request.send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap_or_default())
    }

    /// Sends a request of an account without the browser; returns status and body.
    pub async fn send(&self, tokens: &Value, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.request(method, format!("{}{path}", self.origin()));
        let request = request.bearer_auth(tokens["access_token"].as_str().unwrap()).json(body);
        let reply = request.send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap_or_default())
    }

    /// Waits until everything is delivered and the search knows it.
    pub async fn settle(&self) {
        self.platform.settle().await;
        self.advance(SEARCH_AGE);
    }

    /// Registers a user and returns the token reply.
    pub async fn register(&self, email: &str, password: &str) -> Value {
        let body = json!({ "email": email, "password": password });
        let (status, tokens) = self.post("/api/v1/auth/register", &body).await;
        assert_eq!(status, 201, "{tokens}");
        tokens
    }

    /// Ends every session of an account, by one of them.
    pub async fn end_sessions(&self, tokens: &Value) {
        let request = self.client.post(format!("{}/api/v1/auth/logout", self.origin()));
        let request = request.bearer_auth(tokens["access_token"].as_str().unwrap());
        let reply = request.json(&json!({ "everywhere": true })).send().await.unwrap();
        assert_eq!(reply.status(), 204);
    }

    /// The link in the latest mail, after everything is delivered.
    pub async fn mailed_link(&self) -> String {
        self.platform.settle().await;
        let mail = self.platform.mails().pop().expect("a mail");
        let link = mail.text.split_whitespace().find(|word| word.contains("token=")).expect("a link");
        link.strip_prefix(&self.origin()).expect("a link to the platform").to_owned()
    }
}

/// A running Chromium and its runtime.
struct Chromium {
    browser: Browser,
    runtime: Option<Runtime>,
    /// Profile folder: Chromium refuses one that another test run uses.
    _profile: TempDir,
}

impl Chromium {
    /// The running instance, or a new one; `None` if Chromium is not installed.
    fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Chromium>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap();
        if let Some(running) = shared.upgrade() {
            return Some(running);
        }
        let started = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&started);
        Some(started)
    }

    fn start() -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        // Chromium's sandbox needs privileges that containers do not have, and the
        // pages are ours.
        let config = BrowserConfig::builder().no_sandbox().user_data_dir(profile.path()).build();
        let Ok(config) = config else {
            say_skipped();
            return None;
        };
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (browser, mut handler) = runtime.block_on(Browser::launch(config)).unwrap();
        runtime.spawn(async move { while handler.next().await.is_some() {} });
        Some(Self { browser, runtime: Some(runtime), _profile: profile })
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(async {
                let _ = self.browser.close().await;
                let _ = self.browser.wait().await;
            });
        }
    }
}

/// Prints the notice once, bypassing the test harness's capture.
fn say_skipped() {
    static SAID: OnceLock<()> = OnceLock::new();
    SAID.get_or_init(|| {
        let _ = writeln!(std::io::stderr(), "SKIPPED pages::*: no Chromium is installed");
    });
}
