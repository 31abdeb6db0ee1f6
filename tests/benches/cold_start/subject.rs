//! A function under test, and the measurements of its starts.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    aws::Aws,
    bootstraps::Bootstrap,
    invocations::{self, Account},
    sandbox::Sandbox,
};

/// Number of events in each start.
pub const REQUESTS: usize = 10;

/// Measurements of one start.
pub struct Start {
    /// From execution to the first poll for an event.
    pub ready: Duration,
    /// CPU time until then.
    pub cpu: Duration,
    /// Calls to AWS until then.
    pub calls: u32,
    /// From sending an event to its answer, for each event.
    pub requests: Vec<Duration>,
    /// Peak memory in KiB, after all events.
    pub peak: u32,
}

/// A function under test.
pub struct Subject {
    /// The executable.
    pub bootstrap: Bootstrap,
    /// Its variables.
    pub variables: BTreeMap<String, String>,
    /// Its starts.
    pub starts: Vec<Start>,
    events: usize,
}

impl Subject {
    /// Makes a subject without starts.
    pub fn new(bootstrap: Bootstrap, variables: BTreeMap<String, String>) -> Self {
        Self { bootstrap, variables, starts: Vec::new(), events: 0 }
    }

    /// Starts the function and sends its events.
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
