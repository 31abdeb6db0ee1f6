//! Members of organisations: acceptances, and the end of an organisation.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use local::{client::Client, operator::Command, seed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{KILLS, PASSWORD, PATIENCE, Process, wait_for_mails};

/// Number of invited people.
const GUESTS: usize = 8;

/// Kills a process during acceptances, repeatedly. An acknowledged one is not lost, a repeated
/// one has the same membership, and everyone is counted once.
#[test]
fn a_kill_loses_no_acceptance_and_counts_no_member_twice() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut society = Society::start(Process::start(folder.path())).await;
        let mut kept = 0;
        for round in 0..KILLS {
            let (organization, invitations) = society.invite_all(round).await;
            let acknowledged = society.accept_until_killed(&invitations, round).await;
            kept += acknowledged.len();
            society = Society::log_in(Process::start(folder.path())).await;
            for (guest, invitation) in invitations.iter().enumerate() {
                let member = society.accept(guest, invitation).await.expect("is accepted");
                let first = acknowledged.get(&guest).unwrap_or(&member);
                assert_eq!(first, &member, "one membership");
            }
            let path = format!("/api/v1/organizations/{organization}");
            let shown = society.get(None, &path).await;
            assert_eq!(shown["member_count"], GUESTS + 1, "{shown}");
            let members = society.get(None, &format!("{path}/members?limit=100")).await;
            let ids = members["data"].as_array().unwrap().iter().map(|it| it["user_id"].to_string());
            assert_eq!(ids.collect::<BTreeSet<_>>().len(), GUESTS + 1, "{members}");
            let pending = society.get(None, &format!("{path}/invitations")).await;
            assert_eq!(pending["data"], json!([]));
        }
        assert!(kept >= KILLS, "{kept}");
        society.process.kill();
    });
}

/// Kills a process while an organisation is deleted, each round after another time. Once the
/// deletion is acknowledged, nobody finds the organisation, and in the end no membership and
/// no invitation is left.
#[test]
fn a_kill_during_a_deletion_leaves_no_membership_and_no_invitation() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut society = Society::start(Process::start(folder.path())).await;
        let mut deleted = Vec::new();
        for round in 0..KILLS {
            let (organization, invitations) = society.invite_all(round).await;
            // The invitations of the others stay pending.
            for (guest, invitation) in invitations.iter().enumerate().take(GUESTS / 2) {
                society.accept(guest, invitation).await.expect("is accepted");
            }
            let path = format!("/api/v1/organizations/{organization}");
            let deletion = society.request(None, Method::DELETE, &path).send();
            let deletion = tokio::spawn(async move { Some(deletion.await.ok()?.status()) });
            tokio::time::sleep(Duration::from_millis(15 * round as u64)).await;
            society.process.kill();
            let acknowledged = deletion.await.unwrap();
            society = Society::log_in(Process::start(folder.path())).await;
            if let Some(status) = acknowledged {
                assert_eq!(status, 204);
                assert_eq!(society.status(&path).await, 404, "{organization} was deleted");
            }
            let repeated = society.request(None, Method::DELETE, &path).send().await.unwrap();
            assert_eq!(repeated.status(), 204);
            assert_eq!(society.status(&path).await, 404);
            deleted.push(invitations);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = society.left().await;
            if left.is_empty() {
                break;
            }
            assert!(Instant::now() < deadline, "{left:?}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        for invitations in &deleted {
            for (guest, invitation) in invitations.iter().enumerate() {
                let member = society.accept(guest, invitation).await;
                assert_eq!(member, None, "{invitation} has ended");
            }
        }
        society.process.kill();
    });
}

/// A founder of organisations and the guests.
struct Society {
    process: Process,
    client: reqwest::Client,
    founder: String,
    guests: Vec<String>,
}

impl Society {
    /// Creates the accounts of the guests, with verified addresses.
    async fn start(process: Process) -> Self {
        let client = reqwest::Client::new();
        let addresses: Vec<String> = (0..GUESTS).map(address).collect();
        for email in &addresses {
            let body = json!({ "email": email, "password": PASSWORD });
            let reply = client.post(format!("{}/api/v1/auth/register", process.url)).json(&body);
            assert_eq!(reply.send().await.unwrap().status(), 201);
        }
        for mail in wait_for_mails(&client, &process.url, &addresses).await {
            let text = mail["text"].as_str().unwrap();
            let Some((_, rest)) = text.split_once("/account/confirm-email?token=") else { continue };
            let body = json!({ "token": rest.split_whitespace().next(), "password": PASSWORD });
            let confirm = format!("{}/api/v1/auth/email-verification-confirm", process.url);
            assert_eq!(client.post(confirm).json(&body).send().await.unwrap().status(), 204);
        }
        Self::log_in(process).await
    }

    /// Logs everyone in: tokens are bound to the process's address, which changes with each
    /// start.
    async fn log_in(process: Process) -> Self {
        let port = process.url.rsplit(':').next().unwrap().parse().unwrap();
        Client::of(port, &process.folder).unwrap().operate(&Command::SeedShopkeeper).await.unwrap();
        let client = reqwest::Client::new();
        let log_in = async |email: &str, password: &str| {
            let body = json!({ "email": email, "password": password });
            let reply = client.post(format!("{}/api/v1/auth/login", process.url)).json(&body);
            let body: Value = reply.send().await.unwrap().json().await.unwrap();
            body["access_token"].as_str().unwrap_or_else(|| panic!("{email}: {body}")).to_owned()
        };
        let founder = log_in(seed::people::SHOPKEEPER, seed::PASSWORD).await;
        let mut guests = Vec::new();
        for guest in 0..GUESTS {
            guests.push(log_in(&address(guest), PASSWORD).await);
        }
        Self { process, client, founder, guests }
    }

    /// Creates the organisation of a round and invites every guest; returns its id, and those
    /// of the invitations.
    async fn invite_all(&self, round: usize) -> (String, Vec<String>) {
        let id = async |path: &str, body: Value| {
            let reply = self.request(None, Method::POST, path).json(&body).send().await.unwrap();
            let made: Value = reply.json().await.unwrap();
            made["id"].as_str().unwrap_or_else(|| panic!("{path}: {made}")).to_owned()
        };
        let organization = id("/api/v1/organizations", json!({ "name": format!("Society {round}") })).await;
        let path = format!("/api/v1/organizations/{organization}/invitations");
        let mut invitations = Vec::new();
        for guest in 0..GUESTS {
            invitations.push(id(&path, json!({ "email": address(guest), "role": "viewer" })).await);
        }
        (organization, invitations)
    }

    /// Sends concurrent acceptances and kills the process during them, each round after
    /// another number of replies; returns the acknowledged memberships by guest.
    async fn accept_until_killed(&mut self, invitations: &[String], round: usize) -> BTreeMap<usize, Value> {
        let mut acceptances = JoinSet::new();
        for (guest, invitation) in invitations.iter().enumerate() {
            let acceptance = accepted(self.acceptance(guest, invitation));
            acceptances.spawn(async move { Some((guest, acceptance.await?)) });
        }
        let mut acknowledged = BTreeMap::new();
        while acknowledged.len() <= round * 3 % GUESTS
            && let Some(done) = acceptances.join_next().await
        {
            acknowledged.extend(done.unwrap());
        }
        self.process.kill();
        while let Some(done) = acceptances.join_next().await {
            acknowledged.extend(done.unwrap());
        }
        acknowledged
    }

    /// The membership of a guest who accepts; `None` if that is refused.
    async fn accept(&self, guest: usize, invitation: &str) -> Option<Value> {
        accepted(self.acceptance(guest, invitation)).await
    }

    fn acceptance(&self, guest: usize, invitation: &str) -> RequestBuilder {
        let path = format!("/api/v1/invitations/{invitation}/accept");
        self.request(Some(guest), Method::POST, &path).json(&json!({}))
    }

    /// Memberships and invitations that the guests and the founder still have.
    async fn left(&self) -> Vec<Value> {
        let mut left = Vec::new();
        for person in [None].into_iter().chain((0..GUESTS).map(Some)) {
            for path in ["/api/v1/organizations/mine", "/api/v1/invitations"] {
                let list = self.get(person, path).await;
                left.extend(list["data"].as_array().unwrap_or_else(|| panic!("{list}")).clone());
            }
        }
        left
    }

    async fn status(&self, path: &str) -> u16 {
        self.request(None, Method::GET, path).send().await.unwrap().status().as_u16()
    }

    async fn get(&self, person: Option<usize>, path: &str) -> Value {
        self.request(person, Method::GET, path).send().await.unwrap().json().await.unwrap()
    }

    /// A request of a guest, or of the founder.
    fn request(&self, person: Option<usize>, method: Method, path: &str) -> RequestBuilder {
        let token = person.map_or(&self.founder, |guest| &self.guests[guest]);
        self.client.request(method, format!("{}{path}", self.process.url)).bearer_auth(token)
    }
}

/// The membership in the reply to an acceptance.
async fn accepted(acceptance: RequestBuilder) -> Option<Value> {
    let reply = acceptance.send().await.ok()?;
    if reply.status() != 200 {
        return None;
    }
    reply.json().await.ok()
}

fn address(guest: usize) -> String {
    format!("member-{guest}@example.com")
}
