//! The platform and its callers.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use local::platform::{Options, Platform};
use serde_json::{Value, json};
use shared::telemetry::{Line, Log};

use crate::usage::Usage;

const PASSWORD: &str = "correct horse battery staple";
const ADDRESS: &str = "ada@example.com";

/// A platform in memory with an administrator, and enough other users for a full page
/// of a list.
pub struct People {
    pub platform: Platform,
    lines: Arc<Mutex<Vec<Line>>>,
    bytes_out: usize,
    requests: usize,
    tokens: Value,
    made: usize,
    organization: String,
    /// Events that are not published yet.
    drafts: Vec<String>,
}

impl People {
    pub async fn gather() -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&lines);
        let log = Log::from_fn(move |line| log.lock().unwrap().push(Line::clone(line)));
        let platform = Platform::start(Options { log, ..Options::memory().unwrap() }).await.unwrap();
        let mut people = Self {
            platform,
            lines,
            bytes_out: 0,
            requests: 0,
            tokens: Value::Null,
            made: 0,
            organization: String::new(),
            drafts: Vec::new(),
        };
        let body = json!({ "email": ADDRESS, "password": PASSWORD, "name": "Ada Lovelace" });
        people.send(Method::POST, "/api/v1/auth/register", Some(body)).await;
        people.confirm().await;
        let accounts = people.platform.operator().accounts().await.unwrap();
        accounts.grant_administrator(&ADDRESS.parse().unwrap()).await.unwrap();
        people.login().await;
        for _ in 0..25 {
            people.create().await;
        }
        let body = json!({ "name": "Analytical Society" });
        let made = people.send(Method::POST, "/api/v1/organizations", Some(body)).await;
        people.organization = format!("/api/v1/organizations/{}", made["id"].as_str().unwrap());
        people
    }

    /// Follows the mailed link: only a verified address founds an organisation.
    async fn confirm(&mut self) {
        self.platform.settle().await;
        let mails = self.platform.mails();
        let link = mails[0].text.split_once("token=").unwrap().1;
        let token = link.split_whitespace().next().unwrap();
        let body = json!({ "token": token, "password": PASSWORD });
        self.send(Method::POST, "/api/v1/auth/email-verification-confirm", Some(body)).await;
    }

    /// Average usage of `times` runs of `action`.
    pub async fn usage(&mut self, times: usize, action: impl AsyncFn(&mut Self)) -> Usage {
        // A first run without measurement fills the caches.
        action(self).await;
        self.platform.settle().await;
        self.lines.lock().unwrap().clear();
        (self.requests, self.bytes_out) = (0, 0);
        let (events, mails) = (self.platform.cloud().travelled().len(), self.platform.mails().len());
        for _ in 0..times {
            action(self).await;
            // One at a time, so that runs share no batch.
            self.platform.settle().await;
        }
        let travelled = self.platform.cloud().travelled();
        let mails = self.platform.mails().len() - mails;
        let lines = std::mem::take(&mut *self.lines.lock().unwrap());
        let stack = self.platform.stack();
        let used = Usage::of(self.requests, self.bytes_out, &lines, &travelled[events..], mails, stack);
        used * (1.0 / crate::usage::count(times))
    }

    pub async fn get(&mut self) {
        self.send(Method::GET, "/api/v1/users/me", None).await;
    }

    pub async fn list(&mut self) {
        self.send(Method::GET, "/api/v1/users", None).await;
    }

    /// Writes one item with its event.
    pub async fn change(&mut self) {
        self.made += 1;
        let body = json!({ "name": format!("Ada Lovelace {}", self.made) });
        self.send(Method::PATCH, "/api/v1/users/me", Some(body)).await;
    }

    pub async fn refresh(&mut self) {
        let body = json!({ "refresh_token": self.tokens["refresh_token"] });
        self.tokens = self.send(Method::POST, "/api/v1/auth/refresh", Some(body)).await;
    }

    pub async fn login(&mut self) {
        let body = json!({ "email": ADDRESS, "password": PASSWORD });
        self.tokens = self.send(Method::POST, "/api/v1/auth/login", Some(body)).await;
    }

    /// Writes several items in a transaction, with an event and a mail.
    pub async fn create(&mut self) {
        self.made += 1;
        let body = json!({ "email": format!("person-{}@example.com", self.made), "name": "Grace Hopper", "role": "USER" });
        self.send(Method::POST, "/api/v1/users", Some(body)).await;
    }

    /// Writes an item on the condition of the caller's membership.
    pub async fn change_organization(&mut self) {
        self.made += 1;
        let body = json!({ "summary": format!("Engines, of which {} are built.", self.made) });
        let path = self.organization.clone();
        self.send(Method::PATCH, &path, Some(body)).await;
    }

    /// Invites an address, which gets an email.
    pub async fn invite(&mut self) {
        self.made += 1;
        let body = json!({ "email": format!("guest-{}@example.com", self.made), "role": "viewer" });
        let path = format!("{}/invitations", self.organization);
        self.send(Method::POST, &path, Some(body)).await;
    }

    /// Creates a weekly series of the organisation.
    pub async fn draft(&mut self) {
        self.made += 1;
        // Search has the dates of the next 400 days.
        let day = jiff::Zoned::now().date() + jiff::Span::new().days(30);
        let start = format!("{day}T19:00");
        let part = json!({ "start": start, "duration": "PT2H", "rule": "FREQ=WEEKLY", "count": 40 });
        let body = json!({
            "title": format!("Evening of engines {}", self.made),
            "organizer": self.organization.rsplit('/').next(),
            "summary": "Talks about machines that do not exist yet.",
            "description": "Bring your own punched cards. ".repeat(20),
            "schedule": { "time_zone": "Europe/Berlin", "parts": [part] },
            "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
            "categories": ["talks"],
        });
        let draft = self.send(Method::POST, "/api/v1/events", Some(body)).await;
        self.drafts.push(format!("/api/v1/events/{}", draft["id"].as_str().unwrap()));
    }

    /// Publishes a draft.
    pub async fn publish(&mut self) {
        let draft = self.drafts.pop().unwrap();
        self.send(Method::POST, &format!("{draft}/publish"), None).await;
    }

    /// Finds the series that were published before.
    pub async fn find(&mut self) {
        let search = "/api/v1/events?q=evening&city=Berlin";
        // The first search may be five seconds old.
        while self.send(Method::GET, search, None).await["total"] == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Value {
        let token = self.tokens["access_token"].as_str().unwrap_or_default();
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| body.to_string().into());
        let (parts, body) = self.platform.request(request.body(body).unwrap()).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        assert!(parts.status.is_success(), "{path}: {} {}", parts.status, String::from_utf8_lossy(&bytes));
        self.requests += 1;
        // Each header has a colon, a space and a line ending.
        let headers = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        self.bytes_out += bytes.len() + headers.sum::<usize>();
        if parts.status == StatusCode::NO_CONTENT {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap()
        }
    }
}
