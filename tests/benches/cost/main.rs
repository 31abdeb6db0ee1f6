//! Cost of requests: `cargo bench -p tests --bench cost`.
//!
//! Each kind of request runs on a platform in memory, which measures units,
//! durations, log bytes, events, queue calls and mails of the request and of
//! everything that it causes, multiplied by `prices.rs`. Durations on Lambda are
//! these, scaled by the function's share of a CPU, plus its calls to the table at an
//! assumed round trip (`usage.rs`); cold starts are left out.

mod idle;
mod people;
mod prices;
mod usage;

use people::People;
use prices::{HOURS, MILLION};
use usage::Usage;

/// Number of measurements of each kind of request.
const TIMES: usize = 40;

/// Budget of an idle stack, in dollars a month.
const IDLE: f64 = 10.0;

#[tokio::main]
async fn main() {
    let mut people = Box::pin(People::gather()).await;
    let measured = [
        ("get", 0.45, people.usage(TIMES, People::get).await),
        ("list", 0.25, people.usage(TIMES, People::list).await),
        ("simple write", 0.12, people.usage(TIMES, People::change).await),
        ("refresh", 0.08, people.usage(TIMES, People::refresh).await),
        ("login", 0.02, people.usage(TIMES, People::login).await),
        ("multi-item write", 0.08, people.usage(TIMES, People::create).await),
        // Not of the mix, which compares with earlier releases.
        ("write of a member", 0.0, people.usage(TIMES, People::change_organization).await),
        ("invitation", 0.0, people.usage(TIMES, People::invite).await),
        ("draft of a series", 0.0, people.usage(TIMES, People::draft).await),
        ("publication of a series", 0.0, people.usage(TIMES, People::publish).await),
        ("search for events", 0.0, people.usage(TIMES, People::find).await),
    ];
    println!("| request | part | RRU | WRU | invocations | GB-s | log bytes | $ a million |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, part, usage) in &measured {
        println!(
            "| {name} | {:.0} % | {:.1} | {:.1} | {:.1} | {:.4} | {:.0} | {:.2} |",
            part * 100.0,
            usage.read_units,
            usage.write_units,
            usage.invocations,
            usage.gigabyte_seconds,
            usage.log_bytes,
            usage.total() * MILLION,
        );
    }
    let mix: Usage = measured.iter().map(|(_, part, usage)| *usage * *part).sum();
    println!("\n| a million requests of the mix | how much | $ |\n|---|---|---|");
    for (what, amount, dollars) in mix.dollars() {
        println!("| {what} | {:.0} | {:.2} |", amount * MILLION, dollars * MILLION);
    }
    println!("| together | | {:.2} |", mix.total() * MILLION);

    let stack = people.platform.stack();
    println!("\n| idle, a month | how much | $ |\n|---|---|---|");
    let idle = idle::dollars(stack);
    for (what, amount, dollars) in &idle {
        println!("| {what} | {amount:.0} | {dollars:.2} |");
    }
    let idle: f64 = idle.iter().map(|(_, _, dollars)| dollars).sum();
    println!("| together, of at most {IDLE:.0} | | {idle:.2} |");

    println!("\n| requests an hour | $ a month |\n|---|---|");
    for an_hour in [1.0, 1e3, 1e6] {
        println!("| {an_hour:.0} | {:.2} |", idle + mix.total() * an_hour * HOURS);
    }
    people.platform.shutdown().await;
    assert!(idle < IDLE, "an idle stack costs more than it may");
}
