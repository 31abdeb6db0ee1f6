//! The real process, killed: no acknowledged write and no event is lost, and no
//! change is made in part.

mod accounts;
mod events;
mod memberships;
mod orders;
mod organizations;

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// Number of kills in the default tests.
const KILLS: usize = 4;

/// Number of kills in the long tests.
const MANY_KILLS: usize = 60;

/// Longest wait for a mail: a message whose consumer was killed comes again after the
/// queue's visibility timeout of 180 seconds.
const PATIENCE: Duration = Duration::from_mins(4);

const PASSWORD: &str = "wandering albatross over cold water";

/// A platform in a process of its own, on a free port.
struct Process {
    child: Child,
    url: String,
    folder: PathBuf,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_platform-under-test"))
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().to_owned(), folder: folder.to_owned() }
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Kills the process when a test fails.
impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the process was killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The mails, once each of `addresses` has one. A claim that was killed before its
/// mail is taken over when the message is delivered again.
async fn wait_for_mails(client: &reqwest::Client, url: &str, addresses: &[String]) -> Vec<Value> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let body: Value =
            client.get(format!("{url}/_local/mails")).send().await.unwrap().json().await.unwrap();
        let mails = body["data"].as_array().unwrap().clone();
        let missing = addresses.iter().filter(|address| count(&mails, address) == 0).count();
        if missing == 0 {
            return mails;
        }
        assert!(Instant::now() < deadline, "{missing} of {} mails did not come", addresses.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn count(mails: &[Value], address: &str) -> usize {
    mails.iter().filter(|mail| mail["to"] == address).count()
}
