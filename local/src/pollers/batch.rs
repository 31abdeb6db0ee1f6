//! Common part of both kinds of mappings: the records that a function sees, and the
//! delay of a failed batch.

use std::time::Duration;

use rustack_events_core::pattern::{EventPattern, matches, parse_event_pattern};
use serde_json::Value;

use crate::stack::TemplateError;

/// Delay after the first failure; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// A mapping's filter criteria.
#[derive(Debug, Clone)]
pub(super) struct Filter(Vec<EventPattern>);

impl Filter {
    pub(super) fn parse(patterns: &[String], place: &str) -> Result<Self, TemplateError> {
        let parse = |pattern: &String| {
            parse_event_pattern(pattern).map_err(|error| {
                TemplateError::new(format!("{place}.FilterCriteria"), format!("{pattern}: {error}"))
            })
        };
        Ok(Self(patterns.iter().map(parse).collect::<Result<_, _>>()?))
    }

    /// True if the function sees this record.
    pub(super) fn passes(&self, record: &Value) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| matches(pattern, record))
    }
}

/// Delay after `failures` consecutive failures.
pub(super) fn wait_after(failures: u32) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)));
    doubled.min(LONGEST_WAIT)
}
