//! Limit of the units that a command consumes a second, and pauses after a throttled
//! call.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use tokio::time::{Instant, sleep, sleep_until};

/// Pauses after throttled attempts of one call, on top of the SDK's own retries.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Limit of consumed units.
pub(super) struct Pace {
    units_a_second: f64,
    /// Time at which the units consumed so far are within the limit.
    free_at: Mutex<Instant>,
}

impl Pace {
    pub(super) fn of(units_a_second: u32) -> Self {
        Self { units_a_second: f64::from(units_a_second.max(1)), free_at: Mutex::new(Instant::now()) }
    }

    /// Waits until so many units more are within the limit.
    pub(super) async fn spend(&self, units: f64) {
        let cost = Duration::from_secs_f64(units / self.units_a_second);
        let until = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            *free_at = (*free_at).max(Instant::now()) + cost;
            *free_at
        };
        sleep_until(until).await;
    }
}

/// Sends a request again after a pause while it is throttled.
pub(super) async fn patiently<T, E, F>(send: impl Fn() -> F) -> Result<T, SdkError<E>>
where
    F: Future<Output = Result<T, SdkError<E>>>,
    E: ProvideErrorMetadata,
{
    for pause in PAUSES {
        match send().await {
            Err(error) if is_throttled(error.code()) => sleep(pause).await,
            answer => return answer,
        }
    }
    send().await
}

/// True for the code of a refusal for lack of capacity.
fn is_throttled(code: Option<&str>) -> bool {
    matches!(
        code,
        Some("ProvisionedThroughputExceededException" | "RequestLimitExceeded" | "ThrottlingException")
    )
}
