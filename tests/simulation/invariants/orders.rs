//! Invariants of orders and customers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::{clock::Timestamp, identity::User};

use super::{
    super::{
        platform::{RESERVED_ORDERS, RESERVED_QUANTITY},
        workload::MARKER,
    },
    Aftermath, Faults,
};

/// Permitted transitions of an order: a second copy of the table.
const WAYS: [(&str, &str); 9] = [
    ("reserved", "confirmed"),
    ("confirmed", "fulfilled"),
    ("fulfilled", "completed"),
    ("reserved", "expired"),
    ("reserved", "cancelled"),
    ("confirmed", "cancelled"),
    ("expired", "confirmed"),
    ("confirmed", "refunded"),
    ("fulfilled", "refunded"),
];

pub(super) fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap()
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn status(order: &Value) -> &str {
    text(&order["card"], "status")
}

/// Quantity of a line.
fn quantity(line: &Value) -> u64 {
    list(&line["taken"]).map(|taken| taken["quantity"].as_u64().unwrap()).sum()
}

pub async fn totals_are_the_sums_of_lines(aftermath: &Aftermath<'_>) -> Faults {
    let wrong = aftermath.items("order").filter(|order| {
        let prices = list(&order["lines"]).map(|line| line["unit_price"].as_u64().unwrap() * quantity(line));
        order["card"]["total"]["amount"] != prices.sum::<u64>() || list(&order["lines"]).count() == 0
    });
    wrong.map(|order| format!("{order} has another total")).collect()
}

/// Every transition is in the table and begins where the previous one ended, and the
/// last one ends at the order's status.
pub async fn histories_follow_the_table(aftermath: &Aftermath<'_>) -> Faults {
    let wrong = aftermath.items("order").filter(|order| {
        let mut at = "reserved";
        let follows = list(&order["history"]).all(|step| {
            let follows = text(step, "from") == at && WAYS.contains(&(at, text(step, "to")));
            at = text(step, "to");
            follows
        });
        !follows || at != status(order)
    });
    wrong.map(|order| format!("{} went {} to {}", order["id"], order["history"], status(order))).collect()
}

/// Every acknowledged order exists as it was acknowledged, and a customer has at most
/// as many orders as keys.
pub async fn a_key_is_one_order(aftermath: &Aftermath<'_>) -> Faults {
    let orders: BTreeMap<&str, &Value> =
        aftermath.items("order").map(|order| (text(order, "id"), order)).collect();
    let ledger = aftermath.platform.ledger();
    let mut faults = Faults::new();
    for (id, placed) in &ledger.orders.placed {
        let Some(order) = orders.get(id.as_str()) else {
            faults.push(format!("{id} is lost"));
            continue;
        };
        let lines = list(&order["lines"]).map(|line| (text(line, "sku").to_owned(), quantity(line)));
        let lines: BTreeMap<String, u64> = lines.collect();
        if text(&order["card"], "user") != placed.user_id || !placed.lines.contains(&lines) {
            faults.push(format!("{id} is {order}, not one of {placed:?}"));
        }
    }
    let mut by_user: BTreeMap<&str, usize> = BTreeMap::new();
    for order in orders.values() {
        *by_user.entry(text(&order["card"], "user")).or_default() += 1;
    }
    let more = by_user
        .into_iter()
        .filter(|(user, count)| ledger.orders.keys.get(*user).is_none_or(|keys| keys < count));
    faults.extend(more.map(|(user, count)| format!("{user} has {count} orders, more than keys")));
    faults
}

pub async fn no_reservation_outlives_its_time(aftermath: &Aftermath<'_>) -> Faults {
    let now = aftermath.platform.clock.now();
    let late = aftermath.items("order").filter(|order| {
        let until: Timestamp = text(order, "reserved_until").parse().unwrap();
        status(order) == "reserved" && until <= now
    });
    late.map(|order| format!("{} is still reserved", order["id"])).collect()
}

fn users(aftermath: &Aftermath<'_>) -> BTreeMap<String, User> {
    aftermath.entities::<User>("user").into_values().map(|user| (user.id.to_string(), user)).collect()
}

/// The customer records agree with the accounts.
pub async fn buyers_are_what_accounts_are(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let mut buyers: BTreeSet<&str> = users.keys().map(String::as_str).collect();
    let mut faults = Faults::new();
    for buyer in aftermath.items("buyer") {
        let id = text(buyer, "user_id");
        buyers.remove(id);
        let expected = users.get(id).map_or("deleted", |user| user.status.word());
        if buyer["status"] != expected {
            faults.push(format!("{id} is known as {}, and is {expected}", buyer["status"]));
        }
    }
    faults.extend(buyers.into_iter().map(|id| format!("{id} is not known to orders")));
    faults
}

/// In a seed without faults a customer places no order more than a moment after being
/// blocked, although their tokens are valid longer.
pub async fn a_blocked_buyer_orders_nothing(aftermath: &Aftermath<'_>) -> Faults {
    const MOMENT: std::time::Duration = std::time::Duration::from_secs(1);
    if aftermath.platform.aws.faults.can_happen() {
        return Faults::new();
    }
    let stream = aftermath.platform.aws.stream.lock().unwrap();
    let mut last = Timestamp::from_millis(0);
    let mut blocked: BTreeMap<String, Timestamp> = BTreeMap::new();
    let mut faults = Faults::new();
    for (before, after) in stream.changes() {
        if after["type"] == "order" && before.is_null() {
            let at: Timestamp = text(&after["card"], "at").parse().unwrap();
            last = last.max(at);
            if blocked.get(text(&after["card"], "user")).is_some_and(|since| *since + MOMENT < at) {
                faults.push(format!("{} was made by somebody blocked", after["id"]));
            }
        }
        if after["type"] == "buyer" && after["status"] == "active" {
            blocked.remove(text(&after, "user_id"));
        } else if after["type"] == "buyer" {
            blocked.entry(text(&after, "user_id").to_owned()).or_insert(last);
        }
    }
    faults
}

/// Orders of deleted accounts are neither open nor personal.
pub async fn nobody_who_is_gone_has_orders_left(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let left = aftermath.items("order").filter(|order| !users.contains_key(text(&order["card"], "user")));
    let wrong = left.filter(|order| {
        matches!(status(order), "reserved" | "confirmed") || order.to_string().contains(MARKER)
    });
    wrong.map(|order| format!("{order} is left of somebody who is gone")).collect()
}

/// A deleted order has no personal data.
pub async fn deleted_orders_are_not_personal(aftermath: &Aftermath<'_>) -> Faults {
    let deleted = aftermath.items("order").filter(|order| !order["deleted_at"].is_null());
    let wrong = deleted.filter(|order| order.to_string().contains(MARKER));
    wrong.map(|order| format!("{order} is deleted")).collect()
}

/// Quantities of an order's variants.
fn quantities(order: &Value) -> BTreeMap<String, u64> {
    list(&order["lines"]).map(|line| (text(line, "variant_id").to_owned(), quantity(line))).collect()
}

/// The reservations on a customer's item are those of the customer's reserved orders.
pub async fn accounts_hold_what_their_orders_reserve(aftermath: &Aftermath<'_>) -> Faults {
    let mut reserved: BTreeMap<&str, BTreeMap<&str, BTreeMap<String, u64>>> = BTreeMap::new();
    for order in aftermath.items("order").filter(|order| status(order) == "reserved") {
        let user = reserved.entry(text(&order["card"], "user")).or_default();
        user.insert(text(order, "id"), quantities(order));
    }
    let mut faults = Faults::new();
    for buyer in aftermath.items("buyer") {
        let held = buyer["held"].as_object().into_iter().flatten().map(|(order, hold)| {
            let of = hold["of"].as_object().into_iter().flatten();
            (order.as_str(), of.map(|(id, count)| (id.clone(), count.as_u64().unwrap())).collect())
        });
        let held: BTreeMap<&str, BTreeMap<String, u64>> = held.collect();
        let orders = reserved.remove(text(buyer, "user_id")).unwrap_or_default();
        if held != orders {
            faults.push(format!("{} holds {held:?}, and has ordered {orders:?}", buyer["user_id"]));
        }
    }
    faults.extend(reserved.into_keys().map(|user| format!("nothing tells what {user} holds")));
    faults
}

/// At no moment.
pub async fn no_account_holds_more_than_it_may(aftermath: &Aftermath<'_>) -> Faults {
    let (most_orders, most): (usize, u64) =
        (RESERVED_ORDERS.parse().unwrap(), RESERVED_QUANTITY.parse().unwrap());
    let stream = aftermath.platform.aws.stream.lock().unwrap();
    let mut reserved: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> = BTreeMap::new();
    let mut faults = Faults::new();
    for (_, order) in stream.changes().filter(|(_, after)| after["type"] == "order") {
        let orders = reserved.entry(text(&order["card"], "user").to_owned()).or_default();
        if status(&order) != "reserved" {
            orders.remove(text(&order, "id"));
            continue;
        }
        orders.insert(text(&order, "id").to_owned(), quantities(&order));
        let mut held: BTreeMap<&String, u64> = BTreeMap::new();
        for (variant, quantity) in orders.values().flatten() {
            *held.entry(variant).or_default() += quantity;
        }
        if orders.len() > most_orders || held.values().any(|quantity| *quantity > most) {
            faults.push(format!("{} holds {orders:?}", order["card"]["user"]));
        }
    }
    faults
}

/// The seller of an item with a card; an item without one is the platform's.
fn seller(of: &Value) -> &str {
    of["seller"].as_str().unwrap_or("platform")
}

/// The seller of an offer is that of its product, and that of an order is the seller of
/// each of its lines.
pub async fn lines_have_the_seller_of_their_order(aftermath: &Aftermath<'_>) -> Faults {
    let products: BTreeMap<&str, &str> =
        aftermath.items("product").map(|item| (text(item, "id"), seller(&item["card"]))).collect();
    let offers: BTreeMap<&str, &str> =
        aftermath.items("offer").map(|item| (text(item, "product_id"), seller(item))).collect();
    let differ = offers.iter().filter(|(id, seller)| products.get(*id).is_some_and(|own| own != *seller));
    let mut faults: Faults = differ.map(|(id, seller)| format!("{id} is offered by {seller}")).collect();
    for order in aftermath.items("order") {
        let sellers = list(&order["lines"]).map(|line| offers.get(text(line, "product")));
        let own = seller(&order["card"]);
        if sellers.into_iter().any(|seller| seller.is_some_and(|seller| *seller != own)) {
            faults.push(format!("{} of {own} has lines of others: {}", order["id"], order["lines"]));
        }
    }
    faults
}
