//! Organisations and their invitations.

use std::collections::BTreeMap;

use local::{client::Client, operator::Command, seed};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{KILLS, Process, count, wait_for_mails};

/// Number of concurrent invitations at the time of the kill: fewer than an organisation may
/// send in a day.
const INVITATIONS: usize = 24;

/// Kills a process during invitations, repeatedly. A repeated request has the first reply,
/// and every invitation has its email.
#[test]
fn a_kill_loses_no_invitation_mail_and_doubles_no_organization() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let mut founder = Founder::log_in(client.clone(), Process::start(folder.path())).await;
        let mut addresses = Vec::new();
        for round in 0..KILLS {
            let organization = founder.found(round).await;
            let acknowledged = founder.invite_until_killed(&organization, round).await;
            founder = Founder::log_in(client.clone(), Process::start(folder.path())).await;
            assert_eq!(founder.found(round).await, organization, "a key has one organisation");
            for number in 0..INVITATIONS {
                let invited = sent(founder.invite(&organization, round, number)).await.expect("is invited");
                let first = acknowledged.get(&number).unwrap_or(&invited);
                assert_eq!(first, &invited, "an address has one invitation");
                addresses.push(address(round, number));
            }
            let path = format!("/api/v1/organizations/{organization}/invitations?limit=100");
            let pending: Value =
                founder.request(reqwest::Method::GET, &path).send().await.unwrap().json().await.unwrap();
            assert_eq!(pending["data"].as_array().unwrap().len(), INVITATIONS);
        }
        let mails = wait_for_mails(&client, &founder.process.url, &addresses).await;
        let doubled: usize = addresses.iter().map(|address| count(&mails, address) - 1).sum();
        assert!(doubled <= KILLS, "{doubled} doubled mails after {KILLS} kills");
        founder.process.kill();
    });
}

/// The founder of the organisations.
struct Founder {
    process: Process,
    client: reqwest::Client,
    token: String,
}

impl Founder {
    /// Logs in: tokens are bound to the process's address, which changes with each start.
    async fn log_in(client: reqwest::Client, process: Process) -> Self {
        let port = process.url.rsplit(':').next().unwrap().parse().unwrap();
        Client::of(port, &process.folder).unwrap().operate(&Command::SeedShopkeeper).await.unwrap();
        let body = json!({ "email": seed::people::SHOPKEEPER, "password": seed::PASSWORD });
        let reply = client.post(format!("{}/api/v1/auth/login", process.url)).json(&body);
        let body: Value = reply.send().await.unwrap().json().await.unwrap();
        Self { process, client, token: body["access_token"].as_str().unwrap().to_owned() }
    }

    /// Creates the organisation of a round.
    async fn found(&self, round: usize) -> String {
        let body = json!({ "name": format!("Society {round}") });
        let create = self.request(reqwest::Method::POST, "/api/v1/organizations").json(&body);
        sent(create.header("idempotency-key", format!("society-{round}"))).await.expect("is created")
    }

    /// Sends concurrent invitations and kills the process during them, each round after
    /// another number of replies; returns the acknowledged invitations by number.
    async fn invite_until_killed(&mut self, organization: &str, round: usize) -> BTreeMap<usize, String> {
        let mut invitations = tokio::task::JoinSet::new();
        for number in 0..INVITATIONS {
            let invitation = sent(self.invite(organization, round, number));
            invitations.spawn(async move { Some((number, invitation.await?)) });
        }
        let mut acknowledged = BTreeMap::new();
        while acknowledged.len() <= round * 7 % 16
            && let Some(done) = invitations.join_next().await
        {
            acknowledged.extend(done.unwrap());
        }
        self.process.kill();
        while let Some(done) = invitations.join_next().await {
            acknowledged.extend(done.unwrap());
        }
        acknowledged
    }

    fn invite(&self, organization: &str, round: usize, number: usize) -> RequestBuilder {
        let path = format!("/api/v1/organizations/{organization}/invitations");
        let body = json!({ "email": address(round, number), "role": "viewer" });
        let invitation = self.request(reqwest::Method::POST, &path).json(&body);
        invitation.header("idempotency-key", format!("{round}-{number}"))
    }

    fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.process.url)).bearer_auth(&self.token)
    }
}

/// The id in an acknowledgement.
async fn sent(request: RequestBuilder) -> Option<String> {
    let reply = request.send().await.ok()?;
    let status = reply.status();
    let body: Value = reply.json().await.ok()?;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    Some(body["id"].as_str().unwrap().to_owned())
}

fn address(round: usize, number: usize) -> String {
    format!("guest-{round}-{number}@example.com")
}
