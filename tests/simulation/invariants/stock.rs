//! What holds of offers and their stock.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::workload::merchants::is_restocked,
    Aftermath, Faults,
    orders::{list, text},
};

/// A sku's offer or one of its buckets.
type Cell<'a> = (&'a str, Option<u64>);

fn cells<'a>(aftermath: &'a Aftermath<'_>) -> impl Iterator<Item = (Cell<'a>, &'a Value)> {
    let kinds = ["offer", "stock_bucket"].into_iter().flat_map(|kind| aftermath.items(kind));
    kinds.map(|item| ((text(item, "sku"), item["number"].as_u64()), item))
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// `initial + adjusted = available + reserved + sold`, over all cells of a sku; in
/// each `on_hand = available + reserved`, and nothing is below zero.
pub async fn every_stock_adds_up(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for ((sku, _), item) in cells(aftermath) {
        let card = &item["card"];
        let [available, reserved, on_hand] =
            ["available", "reserved", "on_hand"].map(|name| card[name].as_i64().unwrap());
        let sold = item["sold"].as_i64().unwrap();
        if on_hand != available + reserved || available.min(reserved).min(sold) < 0 {
            faults.push(format!("a cell of {sku} is {card}, with {sold} sold"));
        }
        let (came, there) = sums.entry(sku).or_default();
        *came += number(&item["initial_stock"]) + number(&item["adjusted"]);
        *there += available + reserved + sold;
    }
    let wrong = sums.into_iter().filter(|(_, (came, there))| came != there);
    faults.extend(wrong.map(|(sku, (came, there))| format!("of {sku} {came} came, and {there} are there")));
    faults
}

/// What a cell holds is what open orders have taken of it; what it has sold is what
/// others have, and have not brought back.
pub async fn orders_have_taken_what_is_gone(aftermath: &Aftermath<'_>) -> Faults {
    let mut taken: BTreeMap<Cell<'_>, (i64, i64)> = BTreeMap::new();
    for order in aftermath.items("order") {
        let was_fulfilled = list(&order["history"]).any(|step| step["to"] == "fulfilled");
        let (reserved, sold) = match text(&order["card"], "status") {
            "reserved" => (1, 0),
            "confirmed" | "fulfilled" | "completed" => (0, 1),
            "refunded" if was_fulfilled && !is_restocked(text(order, "id")) => (0, 1),
            _ => (0, 0),
        };
        for line in list(&order["lines"]) {
            for part in list(&line["taken"]) {
                let sums = taken.entry((text(line, "sku"), part["bucket"].as_u64())).or_default();
                sums.0 += reserved * number(&part["quantity"]);
                sums.1 += sold * number(&part["quantity"]);
            }
        }
    }
    let mut faults = Faults::new();
    for (cell, item) in cells(aftermath) {
        let expected = taken.remove(&cell).unwrap_or_default();
        let kept = (number(&item["card"]["reserved"]), number(&item["sold"]));
        if kept != expected {
            faults.push(format!("{cell:?} has (reserved, sold) {kept:?}, and orders {expected:?}"));
        }
    }
    faults.extend(taken.keys().map(|cell| format!("{cell:?} is not there, and was ordered")));
    faults
}

/// The ledger of a stock has every change that somebody was told of, once, and sums
/// up to what is adjusted.
pub async fn stocks_are_adjusted_once(aftermath: &Aftermath<'_>) -> Faults {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for adjustment in aftermath.items("stock_adjustment") {
        *sums.entry(text(adjustment, "sku")).or_default() += number(&adjustment["change"]);
        *times.entry(text(adjustment, "reason")).or_default() += 1;
    }
    let offers = aftermath.items("offer").filter(|offer| {
        sums.get(text(offer, "sku")).copied().unwrap_or_default() != number(&offer["adjusted"])
    });
    let mut faults: Faults = offers.map(|offer| format!("{offer} is not the sum of its ledger")).collect();
    let ledger = aftermath.platform.ledger();
    for (reason, granted) in &ledger.orders.adjustments {
        let times = times.get(reason.as_str()).copied().unwrap_or_default();
        if times > 1 || (*granted && times == 0) {
            faults.push(format!("{reason} was done {times} times, granted: {granted}"));
        }
    }
    faults
}

/// What a product says of something.
fn said(product: &Value) -> impl Iterator<Item = (&str, Value, bool)> {
    let own = list(&product["variants"]).next().is_none().then(|| {
        (text(&product["card"], "sku"), product["card"]["price"].clone(), !product["initial_stock"].is_null())
    });
    let variants = list(&product["variants"]);
    let variants = variants.map(|it| (text(it, "sku"), it["price"].clone(), !it["initial_stock"].is_null()));
    own.into_iter().chain(variants)
}

/// What is for sale is what products say that are there, at their price, in every
/// cell; and nothing else is.
pub async fn offers_say_what_products_say(aftermath: &Aftermath<'_>) -> Faults {
    let mut open: BTreeMap<&str, (&str, Value)> = BTreeMap::new();
    let mut faults = Faults::new();
    let offers: BTreeMap<&str, &Value> =
        aftermath.items("offer").map(|offer| (text(offer, "sku"), offer)).collect();
    for product in aftermath.items("product") {
        for (sku, price, has_stock) in said(product) {
            let id = text(product, "id");
            if product["card"]["status"] == "active" {
                open.insert(sku, (id, price));
            }
            match offers.get(sku) {
                None => faults.push(format!("{id} says {sku}, which has no offer")),
                Some(offer) if has_stock && offer["initial_stock"].is_null() => {
                    faults.push(format!("{id} says how many {sku} there were, and the offer does not"));
                }
                Some(_) => {}
            }
        }
    }
    for (cell, item) in cells(aftermath) {
        let expected = open.get(cell.0);
        let right = match (expected, text(item, "status")) {
            (Some((product, price)), "open") => item["product_id"] == **product && item["price"] == *price,
            (expected, status) => expected.is_none() && status == "closed",
        };
        if !right {
            faults.push(format!("{cell:?} is {item}, not {expected:?}"));
        }
    }
    faults
}
