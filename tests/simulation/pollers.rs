//! Pollers that bring batches to functions: one for each shard of the stream, and two
//! for each queue. A function may be killed during a batch; the batch then comes
//! again. Also the clock, which starts scheduled functions.

use std::{sync::Arc, time::Duration};

use local::functions::Handler;
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{self, Instant},
};

use super::{
    platform::{INSTANCES, Platform, mortal},
    stream::SHARDS,
};
use crate::seeded::Dice;

/// Maximum milliseconds between scheduled starts of a function: fewer than in the
/// template, so that more of them happen during the run.
const PERIOD: usize = 40_000;

/// Less time than a walk needs for another page.
const HURRY: Duration = Duration::from_secs(9);

/// Starts all pollers; they end with the set.
pub fn start(platform: &Arc<Platform>) -> JoinSet<()> {
    let mut pollers = JoinSet::new();
    for function in platform.stack.functions.values().filter(|function| !function.streams.is_empty()) {
        for shard in 0..SHARDS {
            pollers.spawn(read_stream(Arc::clone(platform), function.id.clone(), shard));
        }
    }
    for (place, function) in platform.aws.queues.all() {
        for number in 0..INSTANCES {
            pollers.spawn(read_queue(Arc::clone(platform), function.clone(), place, number));
        }
    }
    for function in platform.stack.functions.values().filter(|function| !function.schedules.is_empty()) {
        pollers.spawn(follow_clock(Arc::clone(platform), function.id.clone()));
    }
    pollers
}

async fn follow_clock(platform: Arc<Platform>, function: String) {
    let mut dice = Dice::new(&[platform.seed, 0xc10c]);
    loop {
        time::sleep(dice.millis(PERIOD)).await;
        let handler = platform.instance(&function, 0).await;
        let Handler::Schedule(handler) = &*handler else { panic!("{function} follows no clock") };
        let invocation = platform.invocation(&function);
        let call = time::timeout_at(invocation.deadline, handler.call(invocation));
        let outcome = match mortal(call, platform.lifetime(&mut dice)).await {
            Some(Ok(Ok(()))) => "done",
            Some(_) => "failed",
            None => {
                platform.aws.faults.count("function killed");
                platform.kill(&function, 0);
                "killed"
            }
        };
        platform.aws.trace.write(format_args!("{function} by the clock: {outcome}"));
    }
}

async fn read_stream(platform: Arc<Platform>, function: String, shard: usize) {
    let mut dice = Dice::new(&[platform.seed, 0x57, shard as u64]);
    loop {
        let change = platform.aws.change();
        let records = platform.aws.stream.lock().unwrap().batch(shard, &mut dice);
        if records.is_empty() {
            change.await;
            continue;
        }
        let handled = publish(&platform, &function, shard, &records, &mut dice).await;
        // Lambda may repeat a batch that was handled.
        let again = platform.aws.faults.are_on() && dice.happens(50);
        if !again {
            platform.aws.stream.lock().unwrap().advance(shard, handled);
        }
        platform.aws.announce();
        if again || handled < records.len() {
            time::sleep(Duration::from_millis(100) + dice.millis(1000)).await;
        }
    }
}

/// Sends records to the function; returns the number of those that need not come
/// again.
async fn publish(
    platform: &Platform,
    function: &str,
    shard: usize,
    records: &[Value],
    dice: &mut Dice,
) -> usize {
    let handler = platform.instance(function, shard).await;
    let Handler::Stream(handler) = &*handler else { panic!("{function} reads no stream") };
    let event = serde_json::from_value(json!({ "Records": records })).unwrap();
    let invocation = platform.invocation(function);
    let call = time::timeout_at(invocation.deadline, handler.call(event, invocation));
    let Some(Ok(answer)) = mortal(call, platform.lifetime(dice)).await else {
        platform.aws.faults.count("function killed");
        platform.aws.trace.write(format_args!("{function} killed with {} records", records.len()));
        platform.kill(function, shard);
        return 0;
    };
    let places = answer.batch_item_failures.iter().map(|failure| {
        let sequence = failure.item_identifier.as_deref().unwrap();
        records.iter().position(|record| record["dynamodb"]["SequenceNumber"] == sequence).unwrap()
    });
    let done = places.min().unwrap_or(records.len());
    platform.aws.trace.write(format_args!("{function} handled {done} of {} records", records.len()));
    done
}

async fn read_queue(platform: Arc<Platform>, function: String, place: usize, number: usize) {
    let mut dice = Dice::new(&[platform.seed, 0x9e, place as u64, number as u64]);
    loop {
        let change = platform.aws.change();
        let messages = platform.aws.queues.take(place, &mut dice);
        if messages.is_empty() {
            match platform.aws.queues.next(place) {
                None => change.await,
                // The next visible message or a change, whichever comes first.
                Some(next) => drop(time::timeout_at(next, change).await),
            }
            continue;
        }
        consume(&platform, &function, (place, number), &messages, &mut dice).await;
        platform.aws.announce();
    }
}

async fn consume(
    platform: &Platform,
    function: &str,
    (place, number): (usize, usize),
    messages: &[Value],
    dice: &mut Dice,
) {
    let handler = platform.instance(function, number).await;
    let Handler::Queue(handler) = &*handler else { panic!("{function} reads no queue") };
    let event = serde_json::from_value(json!({ "Records": messages })).unwrap();
    let mut invocation = platform.invocation(function);
    if platform.aws.faults.are_on() && dice.happens(500) {
        // Ends a walk after its first page, as if many slow pages had preceded.
        platform.aws.faults.count("delivery in a hurry");
        invocation.deadline = invocation.deadline.min(Instant::now() + HURRY);
    }
    let call = time::timeout_at(invocation.deadline, handler.call(event, invocation));
    let Some(Ok(answer)) = mortal(call, platform.lifetime(dice)).await else {
        platform.aws.faults.count("function killed");
        platform.aws.trace.write(format_args!("{function} killed with {} messages", messages.len()));
        platform.kill(function, number);
        return;
    };
    let failed: Vec<&str> =
        answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    let ids = messages.iter().map(|message| message["messageId"].as_str().unwrap());
    for id in ids.filter(|id| !failed.contains(id)) {
        platform.aws.queues.delete(place, id);
    }
    platform.aws.trace.write(format_args!("{function} left {} of {} messages", failed.len(), messages.len()));
}
