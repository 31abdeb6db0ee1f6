//! Monthly cost of the stack without requests.

use local::{monitoring, stack::Stack};

use crate::{
    prices::{self, HOURS},
    usage::count,
};

/// Lambda's pollers of a queue, and the duration of each long poll in seconds.
const POLLERS: f64 = 5.0;
const LONG_POLL: f64 = 20.0;

/// Duration of a scheduled run without work, in seconds.
const IDLE_RUN: f64 = 0.01;

/// Item, quantity, and dollars a month.
pub fn dollars(stack: &Stack) -> Vec<(&'static str, f64, f64)> {
    let alarms = count(monitoring::alarms(stack).len());
    let queues = count(stack.functions.values().map(|function| function.queues.len()).sum());
    let polls = queues * POLLERS * HOURS * 3600.0 / LONG_POLL;
    let runs = stack
        .functions
        .values()
        .flat_map(|function| function.schedules.iter().map(move |schedule| (function, schedule)))
        .map(|(function, schedule)| runs_a_month(&schedule.expression) * price_of_a_run(function.memory))
        .fold(0.0, |all, one| all + one);
    vec![
        ("alarms", alarms, alarms * prices::ALARM),
        ("dashboard", 1.0, prices::DASHBOARD),
        ("queue pollers, calls", polls, polls * prices::QUEUE_REQUEST),
        ("runs by the clock", runs, runs),
    ]
}

/// Runs a month of `rate(5 minutes)`; the cost of a rate of an hour or more is
/// negligible.
fn runs_a_month(expression: &str) -> f64 {
    let rate = expression.strip_prefix("rate(").and_then(|rate| rate.split_once(" minute"));
    rate.and_then(|(minutes, _)| minutes.parse::<f64>().ok()).map_or(0.0, |minutes| HOURS * 60.0 / minutes)
}

fn price_of_a_run(memory: u32) -> f64 {
    prices::INVOCATION + IDLE_RUN * f64::from(memory) / 1024.0 * prices::GIGABYTE_SECOND
}
