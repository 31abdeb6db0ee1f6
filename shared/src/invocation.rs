//! One invocation of a function, as described by its trigger. A leaf: every kind of
//! handler takes one.

use std::{net::IpAddr, time::Duration};

use tokio::time::Instant;

use crate::clock::Clock;

/// Deadline and client of one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation {
    /// Time by which the response must be sent.
    pub deadline: Instant,
    /// Network address of the client, if there is one.
    pub client_address: Option<IpAddr>,
}

/// Replaces a deadline in the past: `cargo lambda watch` sends one in 1970.
const DEFAULT_TIME: Duration = Duration::from_secs(10);

impl Invocation {
    /// Makes the invocation of a call by the Lambda runtime.
    pub(crate) fn of(context: &lambda_runtime::Context, client_address: Option<IpAddr>) -> Self {
        let now = std::time::SystemTime::UNIX_EPOCH
            + Duration::from_millis(u64::try_from(Clock::system().now().millis()).unwrap_or(0));
        let remaining = context.deadline().duration_since(now).unwrap_or(DEFAULT_TIME);
        Self { deadline: Instant::now() + remaining, client_address }
    }
}
