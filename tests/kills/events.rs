//! Events and the search for them.

use std::{collections::BTreeSet, time::Instant};

use local::{client::Client, operator::Command, seed};
use reqwest::Method;
use serde_json::{Value, json};

use super::{KILLS, PATIENCE, Process};

/// Number of concurrent publications at the time of the kill.
const EVENTS: usize = 16;

/// Kills a process during publications, repeatedly. Every event that was published is
/// found, every draft is not, and an acknowledged publication is no draft.
#[test]
fn the_search_finds_what_was_published_after_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut organizer = Organizer::log_in(Process::start(folder.path())).await;
        let (mut drafts, mut acknowledged) = (Vec::new(), BTreeSet::new());
        for round in 0..KILLS {
            for number in 0..EVENTS {
                drafts.push(organizer.draft(round, number).await);
            }
            acknowledged.extend(organizer.publish_until_killed(&drafts[round * EVENTS..], round).await);
            organizer = Organizer::log_in(Process::start(folder.path())).await;
        }
        assert!(acknowledged.len() >= KILLS, "{}", acknowledged.len());
        let mut published = BTreeSet::new();
        for draft in drafts {
            let event = organizer.get(&format!("/api/v1/events/{draft}")).await;
            if event["status"] == "published" {
                published.insert(draft);
            }
        }
        assert!(acknowledged.is_subset(&published));
        let deadline = Instant::now() + PATIENCE;
        while organizer.found().await != published {
            assert!(Instant::now() < deadline, "{:?} instead of {published:?}", organizer.found().await);
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        organizer.process.kill();
    });
}

/// A person who organizes events.
struct Organizer {
    process: Process,
    client: reqwest::Client,
    token: String,
}

impl Organizer {
    /// Logs in: tokens are bound to the process's address, which changes with each start.
    async fn log_in(process: Process) -> Self {
        let port = process.url.rsplit(':').next().unwrap().parse().unwrap();
        Client::of(port, &process.folder).unwrap().operate(&Command::SeedShopkeeper).await.unwrap();
        let client = reqwest::Client::new();
        let body = json!({ "email": seed::people::SHOPKEEPER, "password": seed::PASSWORD });
        let reply = client.post(format!("{}/api/v1/auth/login", process.url)).json(&body);
        let body: Value = reply.send().await.unwrap().json().await.unwrap();
        Self { process, client, token: body["access_token"].as_str().unwrap().to_owned() }
    }

    /// Creates a draft; returns its id.
    async fn draft(&self, round: usize, number: usize) -> String {
        // Search has the dates of the next 400 days.
        let start = (jiff::Zoned::now().date() + jiff::Span::new().days(30)).at(19, 0, 0, 0);
        let body = json!({
            "title": format!("Evening {number} of round {round}"),
            "schedule": {
                "time_zone": "Europe/Berlin",
                "parts": [{ "start": start.strftime("%Y-%m-%dT%H:%M").to_string(), "duration": "PT2H" }],
            },
            "venue": { "city": "Berlin", "country": "DE" },
        });
        let create = self.request(Method::POST, "/api/v1/events").json(&body);
        let draft: Value = create.send().await.unwrap().json().await.unwrap();
        draft["id"].as_str().unwrap_or_else(|| panic!("{draft}")).to_owned()
    }

    /// Publishes drafts concurrently and kills the process during this, each round after
    /// another number of replies; returns the acknowledged ones.
    async fn publish_until_killed(&mut self, drafts: &[String], round: usize) -> BTreeSet<String> {
        let mut publications = tokio::task::JoinSet::new();
        for draft in drafts {
            let publish = self.request(Method::POST, &format!("/api/v1/events/{draft}/publish")).send();
            let draft = draft.clone();
            publications.spawn(async move { publish.await.ok()?.status().is_success().then_some(draft) });
        }
        let mut acknowledged = BTreeSet::new();
        while acknowledged.len() <= round * 5 % 12
            && let Some(done) = publications.join_next().await
        {
            acknowledged.extend(done.unwrap());
        }
        self.process.kill();
        while let Some(done) = publications.join_next().await {
            acknowledged.extend(done.unwrap());
        }
        acknowledged
    }

    /// Ids of the events that the search finds.
    async fn found(&self) -> BTreeSet<String> {
        let found = self.get("/api/v1/events?limit=100").await;
        let ids = found["data"].as_array().unwrap().iter();
        ids.map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn get(&self, path: &str) -> Value {
        self.request(Method::GET, path).send().await.unwrap().json().await.unwrap()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.process.url)).bearer_auth(&self.token)
    }
}
