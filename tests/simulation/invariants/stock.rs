//! Invariants of offers and their stock.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::vocabulary::{Availability, LOW_STOCK};

use super::{
    super::workload::merchants::is_restocked,
    Aftermath, Faults,
    orders::{list, text},
};

/// A variant's offer or one of its buckets.
type Cell<'a> = (&'a str, Option<u64>);

fn cells<'a>(aftermath: &'a Aftermath<'_>) -> impl Iterator<Item = (Cell<'a>, &'a Value)> {
    let kinds = ["offer", "stock_bucket"].into_iter().flat_map(|kind| aftermath.items(kind));
    kinds.map(|item| ((text(item, "variant_id"), item["number"].as_u64()), item))
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// `initial + adjusted = available + reserved + sold`, over all cells of a variant;
/// in each cell `on_hand = available + reserved`, and no quantity is negative.
pub async fn every_stock_adds_up(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for ((variant, _), item) in cells(aftermath) {
        let card = &item["card"];
        let [available, reserved, on_hand] =
            ["available", "reserved", "on_hand"].map(|name| card[name].as_i64().unwrap());
        let sold = item["sold"].as_i64().unwrap();
        if on_hand != available + reserved || available.min(reserved).min(sold) < 0 {
            faults.push(format!("a cell of {variant} is {card}, with {sold} sold"));
        }
        let (came, there) = sums.entry(variant).or_default();
        *came += number(&item["initial_stock"]) + number(&item["adjusted"]);
        *there += available + reserved + sold;
    }
    let wrong = sums.into_iter().filter(|(_, (came, there))| came != there);
    faults.extend(
        wrong.map(|(variant, (came, there))| format!("of {variant} {came} came, and {there} are there")),
    );
    faults
}

/// The reserved quantity of a cell is that of the open orders; its sold quantity is
/// that of the other orders, without returns.
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
                let sums = taken.entry((text(line, "variant_id"), part["bucket"].as_u64())).or_default();
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

/// The ledger of a stock has every acknowledged adjustment once, and its sum is the
/// adjusted quantity.
pub async fn stocks_are_adjusted_once(aftermath: &Aftermath<'_>) -> Faults {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for adjustment in aftermath.items("stock_adjustment") {
        *sums.entry(text(adjustment, "variant_id")).or_default() += number(&adjustment["change"]);
        *times.entry(text(adjustment, "reason")).or_default() += 1;
    }
    let offers = aftermath.items("offer").filter(|offer| {
        sums.get(text(offer, "variant_id")).copied().unwrap_or_default() != number(&offer["adjusted"])
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

/// A variant as in its product.
struct Said<'a> {
    variant: &'a str,
    sku: &'a str,
    price: &'a Value,
    initial_stock: &'a Value,
}

fn said(product: &Value) -> impl Iterator<Item = Said<'_>> {
    let own = list(&product["variants"]).next().is_none().then(|| Said {
        variant: text(product, "variant_id"),
        sku: text(&product["card"], "sku"),
        price: &product["card"]["price"],
        initial_stock: &product["initial_stock"],
    });
    let variants = list(&product["variants"]).map(|it| Said {
        variant: text(it, "id"),
        sku: text(it, "sku"),
        price: &it["price"],
        initial_stock: &it["initial_stock"],
    });
    own.into_iter().chain(variants)
}

/// The open offers are the variants of the existing products for sale, with their SKU
/// and price in every cell. Each SKU is found and leads to its variant.
pub async fn offers_say_what_products_say(aftermath: &Aftermath<'_>) -> Faults {
    let mut open: BTreeMap<&str, (&str, Said<'_>)> = BTreeMap::new();
    let mut faults = Faults::new();
    let offers: BTreeMap<&str, &Value> =
        aftermath.items("offer").map(|offer| (text(offer, "variant_id"), offer)).collect();
    let skus: BTreeMap<&str, &str> =
        aftermath.items("offered_sku").map(|claim| (text(claim, "sku"), text(claim, "variant_id"))).collect();
    for product in aftermath.items("product") {
        for said in said(product) {
            let (id, variant) = (text(product, "id"), said.variant);
            match offers.get(variant) {
                None => faults.push(format!("{id} says {variant}, which has no offer")),
                Some(offer) if offer["initial_stock"] != *said.initial_stock => {
                    faults.push(format!("{id} says another initial stock of {variant} than the offer"));
                }
                Some(_) => {}
            }
            if skus.get(said.sku.to_uppercase().as_str()) != Some(&variant) {
                faults.push(format!("{} does not lead to {variant} of {id}", said.sku));
            }
            if product["card"]["status"] == "active" {
                open.insert(variant, (id, said));
            }
        }
    }
    for (cell, item) in cells(aftermath) {
        let expected = open.get(cell.0);
        let right = match (expected, text(item, "status")) {
            (Some((product, said)), "open") => {
                item["product_id"] == **product && item["price"] == *said.price && item["sku"] == *said.sku
            }
            (expected, status) => expected.is_none() && status == "closed",
        };
        if !right {
            let expected = expected.map(|(product, said)| (product, said.sku, said.price));
            faults.push(format!("{cell:?} is {item}, not {expected:?}"));
        }
    }
    faults
}

/// The catalogue shows the availability of each variant's stock.
pub async fn shoppers_see_the_availability(aftermath: &Aftermath<'_>) -> Faults {
    let mut available: BTreeMap<&str, u64> = BTreeMap::new();
    for ((variant, _), item) in cells(aftermath) {
        *available.entry(variant).or_default() += item["card"]["available"].as_u64().unwrap();
    }
    let mut faults = Faults::new();
    for product in aftermath.items("product") {
        let shown: BTreeMap<&str, &Value> =
            list(&product["stock"]).map(|known| (text(known, "id"), &known["availability"])).collect();
        let expected = said(product).filter_map(|said| {
            let available = available.get(said.variant)?;
            Some((said.variant, Availability::of(*available, LOW_STOCK)))
        });
        for (variant, expected) in expected {
            if shown.get(variant).is_none_or(|shown| **shown != expected.to_string()) {
                faults.push(format!("{variant} is {expected}, and {product} says {:?}", shown.get(variant)));
            }
        }
    }
    faults
}
