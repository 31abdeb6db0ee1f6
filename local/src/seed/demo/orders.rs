//! The orders: placed during the past year, with their status changes, and some new
//! ones that are not confirmed yet. Each order has an id or a key of its number, so
//! that it is placed once. An order with insufficient stock is left out.

use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use serde_json::{Value, json};
use shared::{
    clock::{Clock, Timestamp},
    id::{OrderId, UserId},
    text::Sku,
    vocabulary::OrderStatus,
};
use tokio::time::sleep;

use super::{DemoError, assortment::Product, shop::Shop};
use crate::{
    client::Client,
    operator::{Command, Outcome, Tally},
    order_tools::{PastOrder, PastStep},
};

/// Number of past orders in one command, and number of new orders.
const PAST_AT_ONCE: usize = 20;
const CONCURRENCY: usize = 4;

/// Number of products for each order, all of one seller.
pub(super) const PRODUCTS_AN_ORDER: usize = 5;

/// Age of the shop.
const AGE: Duration = Duration::from_hours(365 * 24);

/// Number of tries to order a product that has just been created, and the time between
/// them.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(500);

/// Actor of a step.
#[derive(Debug, Clone, Copy)]
enum By {
    Customer,
    Shopkeeper,
    Nobody,
}

/// A status, its actor, and the minutes since the order was placed.
type Step = (OrderStatus, By, u64);

const PAID: Step = (OrderStatus::Confirmed, By::Shopkeeper, 4);
const SENT: Step = (OrderStatus::Fulfilled, By::Shopkeeper, 26 * 60);
const ARRIVED: Step = (OrderStatus::Completed, By::Shopkeeper, 5 * 24 * 60);
const REFUNDED: Step = (OrderStatus::Refunded, By::Shopkeeper, 3 * 24 * 60);
const WITHDRAWN: Step = (OrderStatus::Cancelled, By::Customer, 9);
const FORGOTTEN: Step = (OrderStatus::Expired, By::Nobody, 15);
const PAID_LATE: Step = (OrderStatus::Confirmed, By::Shopkeeper, 40);

/// Histories of orders, used in turn. One without a step is a new order.
const WAYS: [&[Step]; 10] = [
    &[PAID, SENT, ARRIVED],
    &[PAID, SENT, ARRIVED],
    &[],
    &[PAID, REFUNDED],
    &[PAID, SENT, ARRIVED],
    &[WITHDRAWN],
    &[PAID],
    &[FORGOTTEN, PAID_LATE, SENT, ARRIVED],
    &[FORGOTTEN],
    &[PAID, SENT],
];

/// Number of orders for so many products.
pub(super) fn count(products: usize) -> usize {
    products / PRODUCTS_AN_ORDER
}

/// Customers and seller.
pub(super) struct People<'a> {
    pub(super) customers: &'a [Shop<'a>],
    pub(super) shopkeeper: &'a Shop<'a>,
}

/// Creates the missing orders, each with its history.
pub(super) async fn make_orders(
    client: &Client,
    people: &People<'_>,
    products: &[Product],
    done: &impl Fn(),
) -> Result<Tally, DemoError> {
    let count = count(products.len());
    let ordered = |number: usize| lines(&products[number * PRODUCTS_AN_ORDER..], number);
    let (now, past): (Vec<usize>, Vec<usize>) = (0..count).partition(|number| way(*number).is_empty());

    let shopkeeper = people.shopkeeper.user_id().await?;
    let customers = people.customers.iter().map(Shop::user_id);
    let customers: Vec<UserId> = futures::future::try_join_all(customers).await?;
    let today = Clock::system().now();
    let past = past.into_iter().map(|number| {
        let age = AGE * u32::try_from(count - number).unwrap_or(1) / u32::try_from(count).unwrap_or(1);
        // Spread over the hours of the day.
        let age = age.saturating_sub(Duration::from_mins(number as u64 * 37 % (24 * 60)));
        let by = [customers[number % customers.len()], shopkeeper];
        past_order(number, ordered(number), by, today.before(age), today)
    });
    let past = past.collect::<Result<Vec<PastOrder>, DemoError>>()?;
    let mut tally = Tally::default();
    for orders in past.chunks(PAST_AT_ONCE) {
        tally = tally.and(record(client, orders.to_vec()).await?);
        for _ in orders {
            done();
        }
    }

    let place = |number: usize| {
        let lines = ordered(number);
        // Every tenth order is placed just now: each customer holds some of them.
        let customer = &people.customers[number / WAYS.len() % people.customers.len()];
        async move {
            let tally = place(customer, number, &lines).await;
            done();
            tally
        }
    };
    let tallies = futures::stream::iter(now.into_iter().map(place)).buffer_unordered(CONCURRENCY);
    tallies.try_fold(tally, async |sum, tally| Ok(sum.and(tally))).await
}

fn way(number: usize) -> &'static [Step] {
    WAYS[number % WAYS.len()]
}

/// One to three items, one or two of each. At most two of the products that an order
/// has to itself are not for sale.
fn lines(products: &[Product], number: usize) -> Vec<(&str, u32)> {
    let skus = products.iter().take(PRODUCTS_AN_ORDER).filter_map(sku);
    let quantities = if number.is_multiple_of(2) { [1, 2, 1] } else { [2, 1, 2] };
    skus.zip(quantities).take(1 + number % 3).collect()
}

/// SKU to order of a product, if it is for sale.
fn sku(product: &Product) -> Option<&str> {
    let body = &product.body;
    let sku = body["variants"].get(1).map_or(&body["sku"], |variant| &variant["sku"]);
    sku.as_str().filter(|_| body["status"] == "active")
}

/// A past order with the part of its history before `today`.
fn past_order(
    number: usize,
    lines: Vec<(&str, u32)>,
    [customer, shopkeeper]: [UserId; 2],
    placed_at: Timestamp,
    today: Timestamp,
) -> Result<PastOrder, DemoError> {
    let steps = way(number).iter().map(|(to, by, minutes)| {
        let by = match by {
            By::Customer => Some(customer),
            By::Shopkeeper => Some(shopkeeper),
            By::Nobody => None,
        };
        PastStep { to: *to, by, at: placed_at + Duration::from_mins(*minutes) }
    });
    let lines = lines.into_iter().map(|(sku, quantity)| Ok((Sku::parse(sku)?, quantity)));
    Ok(PastOrder {
        id: OrderId::from_bytes((number as u128).to_be_bytes()),
        user_id: customer,
        lines: lines.collect::<Result<_, DemoError>>()?,
        placed_at,
        steps: steps.take_while(|step| step.at <= today).collect(),
    })
}

async fn record(client: &Client, orders: Vec<PastOrder>) -> Result<Tally, DemoError> {
    let (mut tally, mut left) = (Tally::default(), orders);
    for _ in 0..TRIES {
        if let Outcome::Orders { tally: more, not_for_sale } =
            client.operate(&Command::RecordOrders { orders: left.clone() }).await?
        {
            tally = tally.and(more);
            left.retain(|order| not_for_sale.contains(&order.id));
        }
        if left.is_empty() {
            return Ok(tally);
        }
        // Orders receives a product a little later.
        sleep(PAUSE).await;
    }
    Err(DemoError::NotForSale)
}

async fn place(customer: &Shop<'_>, number: usize, lines: &[(&str, u32)]) -> Result<Tally, DemoError> {
    let lines: Vec<Value> =
        lines.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity })).collect();
    let key = format!("demo-{number}");
    for _ in 0..TRIES {
        let placed = customer.post_once("/api/v1/orders", &json!({ "lines": lines }), &key).await?;
        match placed.status {
            StatusCode::CREATED if placed.is_replayed => {
                return Ok(Tally { present: 1, ..Tally::default() });
            }
            StatusCode::CREATED => return Ok(Tally { made: 1, ..Tally::default() }),
            // Sold out: no order is placed.
            StatusCode::CONFLICT => return Ok(Tally::default()),
            StatusCode::UNPROCESSABLE_ENTITY => sleep(PAUSE).await,
            _ => return Err(placed.unexpected()),
        }
    }
    Err(DemoError::NotForSale)
}
