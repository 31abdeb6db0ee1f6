//! Events and the search for them.

use std::{collections::BTreeSet, time::Instant};

use local::{client::Client, operator::Command, seed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinSet;

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
        organizer.wait_for("", &published).await;
        organizer.process.kill();
    });
}

/// Kills a process while events are cancelled, unlisted and made private, repeatedly. The
/// search finds those that the table shows as listed, the cancelled ones by that status only,
/// and nothing of an acknowledged change is lost.
#[test]
fn the_search_forgets_what_was_cancelled_or_hidden_after_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut organizer = Organizer::log_in(Process::start(folder.path())).await;
        let (mut events, mut acknowledged) = (Vec::new(), BTreeSet::new());
        for round in 0..KILLS {
            for number in 0..EVENTS {
                let event = organizer.draft(round, number).await;
                let publish = organizer.request(Method::POST, &format!("/api/v1/events/{event}/publish"));
                assert!(publish.send().await.unwrap().status().is_success());
                events.push(event);
            }
            acknowledged.extend(organizer.end_until_killed(&events[round * EVENTS..], round).await);
            organizer = Organizer::log_in(Process::start(folder.path())).await;
        }
        assert!(acknowledged.len() >= KILLS, "{}", acknowledged.len());
        let (mut open, mut cancelled) = (BTreeSet::new(), BTreeSet::new());
        for event in events {
            let shown = organizer.get(&format!("/api/v1/events/{event}")).await;
            let is_listed = shown["visibility"] == "listed";
            if is_listed && shown["status"] == "published" {
                assert!(!acknowledged.contains(&event), "{event} was ended: {shown}");
                open.insert(event);
            } else if is_listed {
                assert_eq!(shown["status"], "cancelled", "{shown}");
                cancelled.insert(event);
            } else {
                // One change in whole: nothing else of the event.
                assert_eq!(shown["status"], "published", "{shown}");
            }
        }
        organizer.wait_for("", &open).await;
        organizer.wait_for("status=cancelled", &cancelled).await;
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

    /// Publishes drafts concurrently and kills the process during this; returns the
    /// acknowledged ones.
    async fn publish_until_killed(&mut self, drafts: &[String], round: usize) -> BTreeSet<String> {
        let publish = |draft: &String| self.request(Method::POST, &format!("/api/v1/events/{draft}/publish"));
        let requests = drafts.iter().map(|draft| (draft.clone(), publish(draft))).collect();
        self.send_until_killed(requests, round).await
    }

    /// Cancels, unlists and hides events concurrently, a third each, and kills the process
    /// during this; returns the acknowledged ones.
    async fn end_until_killed(&mut self, events: &[String], round: usize) -> BTreeSet<String> {
        let end = |(number, event): (usize, &String)| {
            let path = format!("/api/v1/events/{event}");
            let request = match number % 3 {
                0 => self.request(Method::POST, &format!("{path}/cancel")).json(&json!({ "reason": "Ill" })),
                1 => self.request(Method::PATCH, &path).json(&json!({ "visibility": "unlisted" })),
                _ => self.request(Method::PATCH, &path).json(&json!({ "visibility": "private" })),
            };
            (event.clone(), request)
        };
        let requests = events.iter().enumerate().map(end).collect();
        self.send_until_killed(requests, round).await
    }

    /// Sends requests for events concurrently and kills the process during this, each round
    /// after another number of replies; returns the events whose requests were acknowledged.
    async fn send_until_killed(
        &mut self,
        requests: Vec<(String, RequestBuilder)>,
        round: usize,
    ) -> BTreeSet<String> {
        let mut sent = JoinSet::new();
        for (event, request) in requests {
            sent.spawn(async move { request.send().await.ok()?.status().is_success().then_some(event) });
        }
        let mut acknowledged = BTreeSet::new();
        while acknowledged.len() <= round * 5 % 12
            && let Some(done) = sent.join_next().await
        {
            acknowledged.extend(done.unwrap());
        }
        self.process.kill();
        while let Some(done) = sent.join_next().await {
            acknowledged.extend(done.unwrap());
        }
        acknowledged
    }

    /// Waits until a search finds these events and no other.
    async fn wait_for(&self, query: &str, expected: &BTreeSet<String>) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.found(query).await;
            if found == *expected {
                return;
            }
            assert!(Instant::now() < deadline, "{query}: {found:?} instead of {expected:?}");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Ids of the events that a search finds.
    async fn found(&self, query: &str) -> BTreeSet<String> {
        let found = self.get(&format!("/api/v1/events?limit=100&{query}")).await;
        let ids = found["data"].as_array().unwrap().iter();
        ids.map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn get(&self, path: &str) -> Value {
        self.request(Method::GET, path).send().await.unwrap().json().await.unwrap()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.process.url)).bearer_auth(&self.token)
    }
}
