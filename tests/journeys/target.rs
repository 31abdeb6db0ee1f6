//! Target of a journey.

use std::time::Duration;

use local::{
    operator::Command,
    platform::{Options, Platform},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Password of all users.
pub const PASSWORD: &str = "wandering albatross over cold water";

/// An instance of Agora, and a client for it.
pub struct Target {
    url: String,
    mails_url: String,
    pub client: reqwest::Client,
    /// A platform of the journey's own.
    platform: Option<Platform>,
}

/// Runs a journey.
pub fn journey(travel: impl AsyncFnOnce(&Target)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let target = Target::find().await;
        travel(&target).await;
        if let Some(platform) = target.platform {
            platform.shutdown().await;
        }
    });
}

impl Target {
    async fn find() -> Self {
        let given = std::env::var("AGORA_URL").ok().map(|url| url.trim_end_matches('/').to_owned());
        let (url, platform) = if let Some(url) = given {
            (url, None)
        } else {
            let options = Options { port: Some(0), ..Options::memory().unwrap() };
            let platform = Platform::start(options).await.unwrap();
            (format!("http://{}", platform.address().unwrap()), Some(platform))
        };
        let mails_url = std::env::var("AGORA_MAILS_URL").unwrap_or_else(|_| format!("{url}/_local/mails"));
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self { url, mails_url, client, platform }
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A new address, also when the journey is repeated.
    pub fn new_address(name: &str) -> String {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        format!("{name}-{:016x}@example.com", u64::from_le_bytes(bytes))
    }

    /// Registers a new address, and returns it with the reply.
    pub async fn register(&self, name: &str) -> (String, Value) {
        let address = Self::new_address(name);
        let body = json!({ "email": address, "password": PASSWORD, "name": name });
        let (status, tokens) = self.post("/api/v1/auth/register", None, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{tokens}");
        (address, tokens)
    }

    /// Registers a user whom an operator makes an administrator; returns their access
    /// token.
    pub async fn administrator(&self) -> String {
        let (email, _) = self.register("root").await;
        if let Some(platform) = &self.platform {
            let grant = Command::GrantAdministrator { email: email.clone() };
            platform.operator().run(grant).await.unwrap();
        } else {
            let grant = std::env::var("AGORA_GRANT").expect("who makes administrators of this target");
            let mut words = grant.split_whitespace();
            let granted = std::process::Command::new(words.next().unwrap()).args(words).arg(&email).status();
            assert!(granted.unwrap().success(), "{grant}");
        }
        let body = json!({ "email": email, "password": PASSWORD });
        let (status, tokens) = self.post("/api/v1/auth/login", None, &body).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// Sends a `POST` of a JSON body; returns the status, and the body if there is
    /// one.
    pub async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, token, Some(body)).await
    }

    /// Sends a `POST` of a JSON body with an idempotency key; returns status and
    /// body.
    pub async fn post_once(&self, path: &str, token: &str, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.post(self.url(path)).bearer_auth(token).header("idempotency-key", key);
        let reply = request.json(body).send().await.unwrap();
        (reply.status(), reply.json().await.unwrap_or_default())
    }

    /// Sends a request; returns the status, and the body if there is one.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let mut request = self.client.request(method, self.url(path));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let reply = request.send().await.unwrap();
        (reply.status(), reply.json().await.unwrap_or_default())
    }

    /// Waits until an access token is refused, which may take five seconds.
    pub async fn wait_until_refused(&self, token: &str) {
        for _ in 0..150 {
            let (status, _) = self.send(Method::GET, "/api/v1/auth/me", Some(token), None).await;
            if status == StatusCode::UNAUTHORIZED {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the token is accepted still");
    }

    /// The text of the mail to `address` with a subject.
    pub async fn mail_to(&self, address: &str, subject: &str) -> String {
        for _ in 0..300 {
            let mut mails = self.mails().await.into_iter();
            if let Some(mail) = mails.find(|mail| mail.to == address && mail.subject == subject) {
                return mail.text;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no mail came to {address}: {subject}");
    }

    /// The token of the link in the mail to `address` with a subject.
    pub async fn mailed_token(&self, address: &str, subject: &str) -> String {
        let text = self.mail_to(address, subject).await;
        let (_, link) = text.split_once("?token=").expect("a link");
        link.split_whitespace().next().expect("a token").to_owned()
    }

    /// Number of mails to `address`.
    pub async fn mails_to(&self, address: &str) -> usize {
        self.mails().await.into_iter().filter(|mail| mail.to == address).count()
    }

    async fn mails(&self) -> Vec<Mail> {
        let body: Value = self.client.get(&self.mails_url).send().await.unwrap().json().await.unwrap();
        mails_in(&body)
    }
}

struct Mail {
    to: String,
    subject: String,
    text: String,
}

/// The mails of a list in the local platform's format.
fn mails_in(body: &Value) -> Vec<Mail> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mails = body["data"].as_array().into_iter().flatten();
    mails
        .map(|mail| Mail {
            to: text(&mail["to"]),
            subject: text(&mail["subject"]),
            text: text(&mail["text"]),
        })
        .collect()
}
