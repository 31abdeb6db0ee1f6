//! One invocation of a function, as its trigger describes it. A leaf: every kind of
//! handler takes one.

use std::{net::IpAddr, time::Duration};

use tokio::time::Instant;

use crate::clock::Clock;

/// Trigger's information on one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation {
    /// When the answer must be out.
    pub deadline: Instant,
    /// IP address of the client, if there is one.
    pub client_address: Option<IpAddr>,
}

/// For a deadline that is past when the invocation begins, which is none:
/// `cargo lambda watch` names one in 1970.
const WITHOUT_DEADLINE: Duration = Duration::from_secs(10);

impl Invocation {
    /// The invocation of a call by the Lambda runtime.
    pub(crate) fn of(context: &lambda_runtime::Context, client_address: Option<IpAddr>) -> Self {
        let now = std::time::SystemTime::UNIX_EPOCH
            + Duration::from_millis(u64::try_from(Clock::system().now().millis()).unwrap_or(0));
        let remaining = context.deadline().duration_since(now).unwrap_or(WITHOUT_DEADLINE);
        Self { deadline: Instant::now() + remaining, client_address }
    }
}
