//! A function under test, and what its starts took.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    aws::Aws,
    bootstraps::Bootstrap,
    invocations::{self, Account},
    sandbox::Sandbox,
};

/// Number of events for a start.
pub const REQUESTS: usize = 10;

/// Measurements of one start.
pub struct Start {
    /// From execution to the first poll for an event.
    pub ready: Duration,
    /// CPU time until then.
    pub cpu: Duration,
    /// Calls to AWS until then.
    pub calls: u32,
    /// From giving an event to its answer, event by event.
    pub requests: Vec<Duration>,
    /// The most memory, in KiB, once all events are answered.
    pub peak: u32,
}

/// A function under test.
pub struct Subject {
    /// Executable.
    pub bootstrap: Bootstrap,
    /// With which variables.
    pub variables: BTreeMap<String, String>,
    /// Measurements.
    pub starts: Vec<Start>,
    events: usize,
}

impl Subject {
    /// A function that has not been started yet.
    pub fn new(bootstrap: Bootstrap, variables: BTreeMap<String, String>) -> Self {
        Self { bootstrap, variables, starts: Vec::new(), events: 0 }
    }

    /// Starts it, and has it answer its events.
    pub async fn start(&mut self, aws: &Aws, account: &Account) {
        let calls = aws.calls();
        let mut sandbox = Sandbox::start(&self.bootstrap.path, &self.variables).await;
        let calls = aws.calls() - calls;
        let mut requests = Vec::new();
        for _ in 0..REQUESTS {
            self.events += 1;
            let event = invocations::event(&self.bootstrap.name, self.events, account);
            let (took, answer) = sandbox.invoke(&event).await;
            assert!(invocations::is_good(&answer), "{}: {answer}", self.bootstrap.name);
            requests.push(took);
        }
        let peak = sandbox.peak_memory();
        self.starts.push(Start { ready: sandbox.ready, cpu: sandbox.cpu, calls, requests, peak });
    }
}
