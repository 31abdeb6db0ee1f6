//! Managers of the shop: they offer products with stock, some for an organisation, change,
//! archive and delete them, adjust and spread stock, process orders, some after their time,
//! and block customers.

use std::{sync::Arc, time::Duration};

use http::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    super::{
        client::{Answer, Ask},
        platform::Platform,
    },
    LENGTH, administrator,
};
use crate::seeded::Dice;

/// Maximum number of sellers.
pub const COUNT: usize = 2;

/// Number of steps of each.
const STEPS: usize = 12;

/// Maximum number of attempts at one change.
const TRIES: usize = 3;

/// Number of SKUs: few, so that customers compete.
const THINGS: usize = 3;

/// Commands on orders, as far as they are permitted.
const WAYS: [&[&str]; 5] = [
    &["confirm"],
    &["confirm", "fulfil"],
    &["fulfil", "complete"],
    &["confirm", "fulfil", "refund"],
    &["cancel"],
];

struct Merchant {
    platform: Arc<Platform>,
    dice: Dice,
    number: usize,
    token: Option<String>,
    /// Number of keys used.
    keys: usize,
}

/// A random SKU; one of them is not offered at first.
pub fn sku(dice: &mut Dice) -> String {
    thing(dice.below(THINGS + 1))
}

fn thing(number: usize) -> String {
    format!("thing{number}")
}

/// True if the goods of an order are returned when it is refunded: the same for every
/// seller.
pub fn is_restocked(order: &str) -> bool {
    order.bytes().map(u32::from).sum::<u32>() % 2 == 0
}

/// Offers every SKU before the faults begin.
pub async fn found(platform: &Arc<Platform>) {
    let dice = Dice::new(&[platform.seed, 0xf0]);
    let mut merchant = Merchant { platform: Arc::clone(platform), dice, number: COUNT, token: None, keys: 0 };
    merchant.token = administrator::log_in(platform, &mut merchant.dice, 0).await;
    let token = merchant.token.clone().unwrap();
    for number in 0..THINGS {
        merchant.offer(thing(number), &token).await;
    }
}

/// Runs the steps of a seller.
pub async fn live(platform: Arc<Platform>, number: usize) {
    let end = Instant::now() + LENGTH;
    let dice = Dice::new(&[platform.seed, 0x5e11, number as u64]);
    let mut merchant = Merchant { platform, dice, number, token: None, keys: 0 };
    for _ in 0..STEPS {
        // Some wait until reservations have expired.
        let pause = if merchant.dice.happens(60) { 70_000 } else { 3_000 };
        sleep(merchant.dice.millis(pause)).await;
        if Instant::now() > end {
            return;
        }
        merchant.step().await;
    }
}

impl Merchant {
    async fn step(&mut self) {
        let Some(token) = self.token.clone() else {
            let chief = self.number % administrator::COUNT;
            self.token = administrator::log_in(&self.platform, &mut self.dice, chief).await;
            return;
        };
        match self.dice.below(20) {
            0..2 => {
                let sku = sku(&mut self.dice);
                self.offer(sku, &token).await;
            }
            2..4 => self.change(&token).await,
            4 => self.withdraw(&token).await,
            5..8 => self.count(&token).await,
            8 => self.spread(&token).await,
            9 => self.block(&token).await,
            _ => self.see_to_an_order(&token).await,
        }
    }

    async fn ask(&mut self, ask: Ask, token: &str) -> Option<Answer> {
        let answer = ask.token(token).send(&self.platform, &mut self.dice).await?;
        if matches!(answer.status, 401 | 403) {
            self.token = None;
        }
        Some(answer).filter(|answer| answer.status < 500)
    }

    /// Retries with the same key until there is an answer.
    async fn ask_for_one(&mut self, path: &str, key: &str, body: &Value, token: &str) -> Option<Answer> {
        for _ in 0..TRIES {
            let ask = Ask::post(path, body.clone()).header("idempotency-key", key.to_owned());
            if let Some(answer) = self.ask(ask, token).await {
                return Some(answer);
            }
            sleep(Duration::from_secs(1)).await;
        }
        None
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("sale{}x{}", self.number, self.keys)
    }

    /// Offers a SKU.
    async fn offer(&mut self, sku: String, token: &str) {
        let key = self.key();
        let price = json!({ "amount": 100 + self.dice.below(3), "currency": "EUR" });
        let mut body = json!({ "sku": sku, "slug": key, "title": key, "price": price, "status": "active" });
        let organization = self.platform.ledger().organizations.id.clone();
        if !organization.is_empty() && self.dice.happens(400) {
            body["seller"] = organization.into();
        }
        if self.dice.happens(800) {
            body["initial_stock"] = (4 + self.dice.below(12)).into();
        }
        let made = self.ask_for_one("/api/v1/products", &key, &body, token).await;
        if let Some(answer) = made.filter(|answer| answer.status == 201) {
            let id = answer.body["id"].as_str().unwrap().to_owned();
            self.platform.ledger().catalog.products.push(id);
        }
    }

    fn product(&mut self) -> Option<String> {
        let known = self.platform.ledger().catalog.products.clone();
        self.dice.pick(&known).cloned()
    }

    async fn change(&mut self, token: &str) {
        let Some(id) = self.product() else { return };
        let body = match self.dice.below(5) {
            0 => json!({ "status": "archived" }),
            1 => json!({ "status": "active" }),
            2 => json!({ "initial_stock": 9, "status": "active" }),
            3 => json!({ "sku": sku(&mut self.dice) }),
            _ => json!({ "price": { "amount": 200 + self.dice.below(3), "currency": "EUR" } }),
        };
        self.ask(Ask::new(Method::PATCH, format!("/api/v1/products/{id}")).body(body), token).await;
    }

    async fn withdraw(&mut self, token: &str) {
        let Some(id) = self.product() else { return };
        self.platform.ledger().catalog.unwanted.insert(id.clone());
        self.ask(Ask::new(Method::DELETE, format!("/api/v1/products/{id}")), token).await;
    }

    /// Adjusts the stock of a SKU up or down.
    async fn count(&mut self, token: &str) {
        let (key, sku) = (self.key(), sku(&mut self.dice));
        let change = *self.dice.pick(&[-3, -1, 2, 5]).unwrap();
        self.platform.ledger().orders.adjustments.insert(key.clone(), false);
        let body = json!({ "change": change, "reason": key });
        let counted = self.ask_for_one(&format!("/api/v1/stock/{sku}"), &key, &body, token).await;
        if counted.is_some_and(|answer| answer.status == 200) {
            self.platform.ledger().orders.adjustments.insert(key, true);
        }
    }

    async fn spread(&mut self, token: &str) {
        let sku = sku(&mut self.dice);
        let body = json!({ "count": 1 + self.dice.below(3) });
        let ask = Ask::new(Method::PUT, format!("/api/v1/stock/{sku}/buckets")).body(body);
        self.ask(ask, token).await;
    }

    /// Blocks or unblocks a customer.
    async fn block(&mut self, token: &str) {
        let known: Vec<String> = self.platform.ledger().orders.keys.keys().cloned().collect();
        let Some(buyer) = self.dice.pick(&known).cloned() else { return };
        if let Some(account) =
            self.platform.ledger().accounts.iter_mut().find(|account| account.user_id == buyer)
        {
            account.administered = true;
        }
        let status = if self.dice.happens(600) { "blocked" } else { "active" };
        let ask = Ask::new(Method::PATCH, format!("/api/v1/users/{buyer}"));
        self.ask(ask.body(json!({ "status": status })), token).await;
    }

    async fn see_to_an_order(&mut self, token: &str) {
        let known: Vec<String> = self.platform.ledger().orders.placed.keys().cloned().collect();
        let Some(id) = self.dice.pick(&known).cloned() else { return };
        let way = *self.dice.pick(&WAYS).unwrap();
        for verb in way {
            let body = match *verb {
                "refund" => json!({ "restock": is_restocked(&id), "reason": "It came back broken." }),
                _ => Value::Null,
            };
            let answer = self.ask(Ask::post(format!("/api/v1/orders/{id}/{verb}"), body), token).await;
            if answer.is_none() {
                return;
            }
        }
    }
}
