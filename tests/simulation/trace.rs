//! The course of a run, in order. Two runs of a seed have the same trace.

use std::{
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Mutex,
};

use tokio::time::Instant;

/// A line for each call, request and delivery.
#[derive(Debug)]
pub struct Trace {
    began: Instant,
    kept: bool,
    written: Mutex<(DefaultHasher, Vec<String>)>,
}

impl Trace {
    /// Begins a trace. It stores its lines only if `kept`.
    pub fn new(kept: bool) -> Self {
        Self { began: Instant::now(), kept, written: Mutex::default() }
    }

    /// Writes a line, which must not differ between two runs.
    pub fn write(&self, line: fmt::Arguments<'_>) {
        let line = format!("{:>7} {line}", self.began.elapsed().as_millis());
        let (hash, lines) = &mut *self.written.lock().unwrap();
        line.hash(hash);
        if self.kept {
            lines.push(line);
        }
    }

    /// Hash of the trace.
    pub fn fingerprint(&self) -> u64 {
        self.written.lock().unwrap().0.finish()
    }

    /// The stored lines.
    pub fn lines(&self) -> Vec<String> {
        self.written.lock().unwrap().1.clone()
    }
}
