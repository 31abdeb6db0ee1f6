//! One start of a function: its process and its Runtime API.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    process,
    runtime_api::{Call, RuntimeApi},
};

/// A function that is ready. Its process ends when this is dropped.
pub struct Sandbox {
    process: Child,
    api: RuntimeApi,
    poll: Option<oneshot::Sender<Bytes>>,
    /// From execution to the first poll for an event.
    pub ready: Duration,
    /// CPU time of the start.
    pub cpu: Duration,
}

impl Sandbox {
    /// Runs `bootstrap` with only `variables` and Lambda's own in its environment,
    /// and waits until it is ready.
    pub async fn start(bootstrap: &Path, variables: &BTreeMap<String, String>) -> Self {
        let api = RuntimeApi::listen().await;
        let output = File::create(output()).unwrap();
        let mut command = Command::new(bootstrap);
        command
            .env_clear()
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", "benchmark")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        let executed = Instant::now();
        let process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", bootstrap.display()));
        let mut sandbox = Self { process, api, poll: None, ready: Duration::ZERO, cpu: Duration::ZERO };
        sandbox.ready = sandbox.polled().await - executed;
        sandbox.cpu = process::cpu_time(sandbox.process.id());
        sandbox
    }

    /// Sends an event to the function; returns the duration and the answer.
    pub async fn invoke(&mut self, event: &Value) -> (Duration, Value) {
        let event = Bytes::from(event.to_string());
        let given = Instant::now();
        self.poll.take().unwrap().send(event).unwrap();
        let (at, answer) = match self.api.call().await {
            Some((at, Call::Response(answer))) => (at, answer),
            other => Self::fail(other),
        };
        self.polled().await;
        (at - given, serde_json::from_slice(&answer).unwrap())
    }

    /// Peak memory, in KiB.
    pub fn peak_memory(&self) -> u32 {
        process::peak_memory(self.process.id())
    }

    async fn polled(&mut self) -> Instant {
        match self.api.call().await {
            Some((at, Call::Next(poll))) => {
                self.poll = Some(poll);
                at
            }
            other => Self::fail(other),
        }
    }

    fn fail(call: Option<(Instant, Call)>) -> ! {
        let what = match call {
            None => "it is silent".to_owned(),
            Some((_, Call::Error(body))) => String::from_utf8_lossy(&body).into_owned(),
            Some((_, Call::Next(_))) => "it polls before it has answered".to_owned(),
            Some((_, Call::Response(_))) => "it answers what nobody asked".to_owned(),
        };
        panic!("{what}\n{}", fs::read_to_string(output()).unwrap());
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// File with the last function's output.
fn output() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cold-start-output.txt")
}
