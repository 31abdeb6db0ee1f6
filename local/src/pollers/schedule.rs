//! Scheduled functions. The platform's clock decides, so that a schedule is as fast as
//! a simulated clock.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;
use shared::clock::{Clock, Timestamp};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use super::{Consumers, ScheduleInvoker, stopping};
use crate::stack::{REGION, Schedule, Stack, TemplateError};

/// Interval of reading the clock.
const LOOK: Duration = Duration::from_secs(1);

/// The scheduled functions.
pub(crate) struct Schedules {
    all: BTreeMap<String, Scheduled>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

#[derive(Clone)]
struct Scheduled {
    every: Duration,
    invoker: ScheduleInvoker,
}

impl Schedules {
    /// The schedules of `stack`, not following a clock yet.
    pub(crate) fn of(stack: &Stack, consumers: &impl Consumers) -> Result<Self, TemplateError> {
        let mut all = BTreeMap::new();
        for function in stack.functions.values() {
            for schedule in &function.schedules {
                let Some(invoker) = consumers.schedule(&function.id) else {
                    return Err(TemplateError::new(
                        &schedule.place,
                        "the function is not made for the clock",
                    ));
                };
                all.insert(function.id.clone(), Scheduled { every: rate(schedule)?, invoker });
            }
        }
        Ok(Self { all, stop: watch::channel(false).0, tasks: JoinSet::new() })
    }

    /// Starts each function now, and at each interval of `clock`.
    pub(crate) fn follow(&mut self, clock: &Clock) {
        for (function, scheduled) in &self.all {
            let run = scheduled.clone().run(function.clone(), clock.clone(), self.stop.subscribe());
            self.tasks.spawn(run);
        }
    }

    /// Starts a function, and waits until it is done.
    #[expect(clippy::panic, reason = "only tests start by hand, and name what is there")]
    pub(crate) async fn fire(&self, function: &str) {
        let scheduled = self.all.get(function).unwrap_or_else(|| panic!("{function} has no schedule"));
        scheduled.fire(function, Timestamp::from_millis(0)).await;
    }

    /// Finishes the running functions, and starts no more.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Scheduled {
    async fn run(self, function: String, clock: Clock, mut stopped: watch::Receiver<bool>) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = clock.now();
        loop {
            tokio::select! {
                _ = look.tick() => {}
                () = stopping(&mut stopped) => return,
            }
            let now = clock.now();
            if now >= next {
                next = now + self.every;
                self.invoker.ready().await;
                self.fire(&function, now).await;
            }
        }
    }

    async fn fire(&self, function: &str, now: Timestamp) {
        let event = json!({
            "version": "0",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "time": now,
            "region": REGION,
            "resources": [],
            "detail": {},
        });
        if let Err(error) = self.invoker.call(event).await {
            tracing::warn!(function, %error, "what the clock started failed");
        }
    }
}

/// Interval of a `rate(…)`; no function has a `cron(…)` yet.
fn rate(schedule: &Schedule) -> Result<Duration, TemplateError> {
    let words = schedule.expression.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')'));
    let parsed = words.and_then(|words| words.split_once(' ')).and_then(|(count, unit)| {
        let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
        let minutes = match unit {
            "minute" | "minutes" => 1,
            "hour" | "hours" => 60,
            "day" | "days" => 24 * 60,
            _ => return None,
        };
        Some(Duration::from_secs(count * minutes * 60))
    });
    parsed.ok_or_else(|| {
        TemplateError::new(
            &schedule.place,
            format!("{} is no rate, such as rate(1 minute)", schedule.expression),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(expression: &str) -> Option<u64> {
        let schedule = Schedule { place: String::new(), expression: expression.to_owned(), input: None };
        rate(&schedule).ok().map(|every| every.as_secs())
    }

    #[test]
    fn a_rate_is_read_and_nothing_else() {
        assert_eq!(every("rate(1 minute)"), Some(60));
        assert_eq!(every("rate(2 hours)"), Some(7_200));
        for expression in ["rate(0 minutes)", "rate(1 fortnight)", "rate(minute)", "cron(0 12 * * ? *)", ""] {
            assert_eq!(every(expression), None, "{expression}");
        }
    }
}
