//! Billable usage of requests.

use std::{iter::Sum, ops::Mul};

use local::{cloud::Travelled, stack::Stack};
use shared::telemetry::Line;

use crate::prices;

/// Milliseconds of a call from a function to the table, the bus or a mail server in
/// the same region. An assumption: here they are in one process.
const ROUND_TRIP: f64 = 4.0;

/// Bytes of the gateway's access log of a request: the template's format, filled in.
const ACCESS_LOG_BYTES: f64 = 130.0;

/// Memory in MB at which a function has a whole CPU; below, it has a proportional
/// share.
const WHOLE_CPU: f64 = 1769.0;

/// Calls to a queue for one message: send, receive, delete.
const CALLS_A_MESSAGE: f64 = 3.0;

/// Quantities; fractions are averages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    pub requests: f64,
    pub invocations: f64,
    pub gigabyte_seconds: f64,
    pub read_units: f64,
    pub write_units: f64,
    pub events: f64,
    pub queue_requests: f64,
    pub log_bytes: f64,
    pub bytes_out: f64,
    pub mails: f64,
}

impl Usage {
    /// Usage of requests with replies of `bytes_out`, from the functions' lines and
    /// the events.
    pub fn of(
        requests: usize,
        bytes_out: usize,
        lines: &[Line],
        events: &[Travelled],
        mails: usize,
        stack: &Stack,
    ) -> Self {
        let deliveries: usize = events.iter().map(|event| event.consumers.len()).sum();
        Self {
            requests: count(requests),
            bytes_out: count(bytes_out),
            events: count(events.len()),
            queue_requests: count(deliveries) * CALLS_A_MESSAGE,
            mails: count(mails),
            log_bytes: count(requests) * ACCESS_LOG_BYTES,
            ..lines.iter().map(|line| Self::of_line(line, stack)).sum()
        } + lines_bytes(lines)
    }

    /// Usage of one line. A line is an invocation, as traffic is too low for batches.
    fn of_line(line: &Line, stack: &Stack) -> Self {
        let function = stack.functions.values().find(|function| function.bin == line.function).unwrap();
        let memory = f64::from(function.memory);
        let computing = line.latency_ms * (WHOLE_CPU / memory).max(1.0);
        // The publisher calls the bus, which does not count as a round trip to the
        // table.
        let calls = f64::from(line.round_trips.max(1));
        // Lambda bills whole milliseconds.
        let billed = (computing + calls * ROUND_TRIP).ceil();
        Self {
            invocations: 1.0,
            gigabyte_seconds: billed / 1e3 * memory / 1024.0,
            read_units: line.read_units,
            write_units: line.write_units,
            ..Self::default()
        }
    }

    /// Lines of the bill: item, quantity, and dollars.
    pub fn dollars(&self) -> [(&'static str, f64, f64); 10] {
        [
            ("gateway, requests", self.requests, prices::GATEWAY_REQUEST),
            ("functions, invocations", self.invocations, prices::INVOCATION),
            ("functions, GB-seconds", self.gigabyte_seconds, prices::GIGABYTE_SECOND),
            ("table, read units", self.read_units, prices::READ_UNIT),
            ("table, write units", self.write_units, prices::WRITE_UNIT),
            ("bus, events", self.events, prices::EVENT),
            ("queues, calls", self.queue_requests, prices::QUEUE_REQUEST),
            ("logs, bytes", self.log_bytes, prices::LOG_BYTE),
            ("internet, bytes out", self.bytes_out, prices::BYTE_OUT),
            ("mails", self.mails, prices::MAIL),
        ]
        .map(|(what, amount, price)| (what, amount, amount * price))
    }

    /// Total in dollars.
    pub fn total(&self) -> f64 {
        self.dollars().iter().map(|(_, _, dollars)| dollars).sum()
    }
}

fn lines_bytes(lines: &[Line]) -> Usage {
    let bytes: usize = lines.iter().map(|line| line.to_json().unwrap().len()).sum();
    Usage { log_bytes: count(bytes), ..Usage::default() }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
pub fn count(number: usize) -> f64 {
    number as f64
}

impl std::ops::Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            invocations: self.invocations + other.invocations,
            gigabyte_seconds: self.gigabyte_seconds + other.gigabyte_seconds,
            read_units: self.read_units + other.read_units,
            write_units: self.write_units + other.write_units,
            events: self.events + other.events,
            queue_requests: self.queue_requests + other.queue_requests,
            log_bytes: self.log_bytes + other.log_bytes,
            bytes_out: self.bytes_out + other.bytes_out,
            mails: self.mails + other.mails,
        }
    }
}

impl Mul<f64> for Usage {
    type Output = Self;

    fn mul(self, by: f64) -> Self {
        Self {
            requests: self.requests * by,
            invocations: self.invocations * by,
            gigabyte_seconds: self.gigabyte_seconds * by,
            read_units: self.read_units * by,
            write_units: self.write_units * by,
            events: self.events * by,
            queue_requests: self.queue_requests * by,
            log_bytes: self.log_bytes * by,
            bytes_out: self.bytes_out * by,
            mails: self.mails * by,
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| sum + one)
    }
}
