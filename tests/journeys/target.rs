//! Where a journey goes.

use std::time::Duration;

use local::platform::{Options, Platform};
use serde_json::Value;

/// Agora somewhere, and a client for it.
pub struct Target {
    url: String,
    mails_url: String,
    pub client: reqwest::Client,
    /// A platform of the journey's own.
    platform: Option<Platform>,
}

/// Goes on a journey.
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

    /// An address that nobody has used, also where the journey goes again.
    pub fn new_address(name: &str) -> String {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        format!("{name}-{:016x}@example.com", u64::from_le_bytes(bytes))
    }

    /// The first mail to `address`: subject and text.
    pub async fn mail_to(&self, address: &str) -> (String, String) {
        for _ in 0..300 {
            if let Some(mail) = self.mails().await.into_iter().find(|mail| mail.to == address) {
                return (mail.subject, mail.text);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no mail came to {address}");
    }

    /// The mails to `address`.
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

/// The mails of a listing in the shape of the local platform's.
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
