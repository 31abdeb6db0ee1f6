//! Accounts and their mails.

use serde_json::json;

use super::{KILLS, MANY_KILLS, PASSWORD, Process, count, wait_for_mails};

#[test]
fn acknowledged_accounts_survive_a_kill_with_their_mails() {
    kill(KILLS);
}

/// `cargo test -p tests --test all kills -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn acknowledged_accounts_survive_many_kills_with_their_mails() {
    kill(MANY_KILLS);
}

/// Kills a process during registrations, repeatedly.
fn kill(kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let mut acknowledged = Vec::new();
        for round in 0..kills {
            let mut process = Process::start(folder.path());
            acknowledged.extend(register_until_killed(&client, &mut process, round).await);
        }
        assert!(acknowledged.len() >= kills, "{}", acknowledged.len());

        let mut process = Process::start(folder.path());
        for email in &acknowledged {
            let body = json!({ "email": email, "password": PASSWORD });
            let reply = client.post(format!("{}/api/v1/auth/login", process.url)).json(&body).send().await;
            assert_eq!(reply.unwrap().status(), 200, "{email} has an account");
        }
        let mails = wait_for_mails(&client, &process.url, &acknowledged).await;
        let doubled: usize = acknowledged.iter().map(|email| count(&mails, email) - 1).sum();
        assert!(doubled <= kills, "{doubled} doubled mails after {kills} kills");
        process.kill();
    });
}

/// Registers many users concurrently and kills the process during them, each round
/// after another number of replies; returns the acknowledged addresses.
async fn register_until_killed(client: &reqwest::Client, process: &mut Process, round: usize) -> Vec<String> {
    let url = format!("{}/api/v1/auth/register", process.url);
    let mut registrations = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (client, url) = (client.clone(), url.clone());
        registrations.spawn(async move {
            let email = format!("round-{round}-number-{number}@example.com");
            let body = json!({ "email": email, "password": PASSWORD });
            let reply = client.post(url).json(&body).send().await.ok()?;
            (reply.status() == 201).then_some(email)
        });
    }
    let mut acknowledged = Vec::new();
    while acknowledged.len() <= round * 7 % 16
        && let Some(done) = registrations.join_next().await
    {
        acknowledged.extend(done.unwrap());
    }
    process.kill();
    while let Some(done) = registrations.join_next().await {
        acknowledged.extend(done.unwrap());
    }
    acknowledged
}
