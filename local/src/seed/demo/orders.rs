//! What people have ordered: some orders in every status, each with a key of its
//! number, so that it is placed once. Where there was too little there is none.

use futures::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{DemoError, assortment::Product, shop::Shop};
use crate::operator::Tally;

/// So many orders are under way at once.
const AT_ONCE: usize = 4;

/// So many products there are for each order.
const PRODUCTS_AN_ORDER: usize = 5;

/// How often it is asked whether a product can be ordered that has just been made,
/// and how long apart.
const TRIES: usize = 40;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

/// What becomes of orders, one after the other: the commands, and the status that
/// each leads to.
const WAYS: [&[(&str, &str)]; 8] = [
    &[CONFIRM, FULFIL, COMPLETE],
    &[CONFIRM, FULFIL],
    &[],
    &[CONFIRM, FULFIL, COMPLETE],
    &[CONFIRM],
    &[CANCEL],
    &[CONFIRM, FULFIL, COMPLETE],
    &[CONFIRM, REFUND],
];
const CONFIRM: (&str, &str) = ("confirm", "confirmed");
const FULFIL: (&str, &str) = ("fulfil", "fulfilled");
const COMPLETE: (&str, &str) = ("complete", "completed");
const CANCEL: (&str, &str) = ("cancel", "cancelled");
const REFUND: (&str, &str) = ("refund", "refunded");

/// How many orders there are of so many products.
pub(super) fn count(products: usize) -> usize {
    products / PRODUCTS_AN_ORDER
}

/// Places the orders that are not there, and lets become of each what is to.
pub(super) async fn make_orders(
    customers: &[Shop<'_>],
    shop: &Shop<'_>,
    products: &[Product],
    done: &impl Fn(),
) -> Result<Tally, DemoError> {
    let make = |number: usize| {
        let lines = lines(&products[number * PRODUCTS_AN_ORDER..], number);
        let customer = &customers[number % customers.len()];
        async move {
            let tally = make_order(customer, shop, number, &lines).await;
            done();
            tally
        }
    };
    let tallies = futures::stream::iter((0..count(products.len())).map(make)).buffer_unordered(AT_ONCE);
    tallies.try_fold(Tally::default(), async |sum, tally| Ok(sum.and(tally))).await
}

/// What of a product is ordered, if it is for sale.
fn sku(product: &Product) -> Option<&Value> {
    let body = &product.body;
    let sku = body["variants"].get(1).map_or(&body["sku"], |variant| &variant["sku"]);
    (body["status"] == "active").then_some(sku)
}

/// One to three things, one or two of each. Two of the products that an order has
/// to itself at most are not for sale.
fn lines(products: &[Product], number: usize) -> Vec<Value> {
    let skus = products.iter().take(PRODUCTS_AN_ORDER).filter_map(sku).enumerate();
    skus.take(1 + number % 3)
        .map(|(line, sku)| json!({ "sku": sku, "quantity": 1 + (number + line) % 2 }))
        .collect()
}

async fn make_order(
    customer: &Shop<'_>,
    shop: &Shop<'_>,
    number: usize,
    lines: &[Value],
) -> Result<Tally, DemoError> {
    let key = format!("demo-{number}");
    let mut tries = 0;
    let order = loop {
        let placed = customer.post_once("/api/v1/orders", &json!({ "lines": lines }), &key).await?;
        tries += 1;
        match placed.status {
            StatusCode::CREATED => break placed,
            // Sold out: there is none.
            StatusCode::CONFLICT => return Ok(Tally::default()),
            // Orders get to know of a product a little later.
            StatusCode::UNPROCESSABLE_ENTITY if tries < TRIES => sleep(PAUSE).await,
            _ => return Err(placed.unexpected()),
        }
    };
    let way = WAYS[number % WAYS.len()];
    let reached = way.iter().position(|(_, status)| order.body["status"] == *status);
    let id = order.body["id"].as_str().unwrap_or_default();
    for (command, _) in &way[reached.map_or(0, |step| step + 1)..] {
        let moved = shop.post(&format!("/api/v1/orders/{id}/{command}"), &Value::Null).await?;
        if moved.status != StatusCode::OK {
            return Err(moved.unexpected());
        }
    }
    Ok(if order.is_replayed {
        Tally { present: 1, ..Tally::default() }
    } else {
        Tally { made: 1, ..Tally::default() }
    })
}
