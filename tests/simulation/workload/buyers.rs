//! Customers, concurrent and interested in the same SKUs: they order with keys, retry
//! when the answer got lost, change and cancel their orders, and delete their
//! accounts.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    super::{
        client::{Answer, Ask},
        ledger::{
            Sure,
            orders::{Lines, Placed},
        },
        platform::Platform,
    },
    LENGTH, merchants,
};
use crate::seeded::Dice;

/// Maximum number of customers.
pub const COUNT: usize = 3;

/// Number of steps of each.
const STEPS: usize = 8;

/// Maximum number of attempts at one order.
const TRIES: usize = 3;

const PASSWORD: &str = "canary horse battery buyer";

struct Buyer {
    platform: Arc<Platform>,
    dice: Dice,
    number: usize,
    /// The account, and an access token of it.
    account: Option<usize>,
    token: Option<String>,
    /// Lines of each key's order, and its id if it is known.
    orders: Vec<(Value, Option<String>)>,
    /// Number of addresses used up.
    gone: usize,
}

/// Runs the steps of a customer.
pub async fn live(platform: Arc<Platform>, number: usize) {
    let end = Instant::now() + LENGTH;
    let dice = Dice::new(&[platform.seed, 0xb01, number as u64]);
    let (account, token, orders) = (None, None, Vec::new());
    let mut buyer = Buyer { platform, dice, number, account, token, orders, gone: 0 };
    for _ in 0..STEPS {
        let pause = if buyer.dice.happens(100) { 60_000 } else { 4_000 };
        sleep(buyer.dice.millis(pause)).await;
        if Instant::now() > end {
            return;
        }
        buyer.step().await;
    }
}

impl Buyer {
    async fn step(&mut self) {
        let (Some(account), Some(token)) = (self.account, self.token.clone()) else {
            return self.come_in().await;
        };
        match self.dice.below(16) {
            0..9 => self.order(account, &token).await,
            9 => self.order_once_more(account, &token).await,
            10 | 11 => self.cancel(&token).await,
            12..15 => self.change(&token).await,
            _ => self.leave(account, &token).await,
        }
    }

    /// Registers, or logs in after registration.
    async fn come_in(&mut self) {
        let email = format!("buyer-{}-{}-marker@example.com", self.number, self.gone);
        let body = json!({ "email": email, "password": PASSWORD });
        let path = if self.account.is_some() { "login" } else { "register" };
        let ask = Ask::post(format!("/api/v1/auth/{path}"), body.clone());
        let mut answer = ask.send(&self.platform, &mut self.dice).await;
        if answer.as_ref().is_some_and(|answer| answer.status == 409) {
            answer = Ask::post("/api/v1/auth/login", body).send(&self.platform, &mut self.dice).await;
        }
        let Some(answer) = answer else { return };
        match answer.status {
            200 | 201 => {
                let user_id = answer.body["user"]["id"].as_str().unwrap();
                self.account = Some(self.platform.ledger().account(user_id, &email, PASSWORD));
                self.token = answer.body["access_token"].as_str().map(str::to_owned);
            }
            401 => self.begin_anew(),
            _ => {}
        }
    }

    fn begin_anew(&mut self) {
        self.gone += 1;
        (self.account, self.token) = (None, None);
        self.orders.clear();
    }

    async fn ask(&mut self, ask: Ask, token: &str) -> Option<Answer> {
        let answer = ask.token(token).send(&self.platform, &mut self.dice).await?;
        if answer.status == 401 {
            self.token = None;
        }
        Some(answer).filter(|answer| answer.status < 500)
    }

    /// Random quantities of one or two SKUs.
    fn lines(&mut self) -> Lines {
        let mut lines = Lines::new();
        for _ in 0..=self.dice.below(2) {
            lines.insert(merchants::sku(&mut self.dice), 1 + self.dice.below(4) as u64);
        }
        lines
    }

    async fn order(&mut self, account: usize, token: &str) {
        let body = json!({
            "lines": body(&self.lines()),
            "shipping_address": { "street": "1 -marker@ Square", "city": "London", "country": "GB" },
            "note": "Ask for -marker@.",
        });
        self.orders.push((body, None));
        let user_id = self.platform.ledger().accounts[account].user_id.clone();
        *self.platform.ledger().orders.keys.entry(user_id).or_default() += 1;
        for _ in 0..TRIES {
            if self.place(self.orders.len() - 1, account, token).await {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    async fn order_once_more(&mut self, account: usize, token: &str) {
        let known = self.orders.len();
        if known > 0 {
            let number = self.dice.below(known);
            self.place(number, account, token).await;
        }
    }

    /// Places the order of a key; returns true if there was an answer.
    async fn place(&mut self, number: usize, account: usize, token: &str) -> bool {
        let (wanted, known) = self.orders[number].clone();
        let key = format!("order-{}-{}-{number}", self.number, self.gone);
        let ask = Ask::post("/api/v1/orders", wanted.clone()).header("idempotency-key", key.clone());
        let Some(answer) = self.ask(ask, token).await else { return false };
        let mut ledger = self.platform.ledger();
        let id = (answer.status == 201).then(|| answer.body["id"].as_str().unwrap().to_owned());
        if known.is_some() && !matches!(answer.status, 401 | 429) && id != known {
            ledger.broken(format!("{key} made {known:?}, and then {} {}", answer.status, answer.body));
        }
        if let Some(id) = id.filter(|_| known.is_none()) {
            let user_id = ledger.accounts[account].user_id.clone();
            let lines = of_body(&wanted["lines"]);
            if of_body(&answer.body["lines"]) != lines {
                ledger.broken(format!("{key} made another order: {}", answer.body));
            }
            ledger.orders.placed.insert(id.clone(), Placed { user_id, lines: BTreeSet::from([lines]) });
            self.orders[number].1 = Some(id);
        }
        true
    }

    /// The id of one of this customer's acknowledged orders.
    fn any_order(&mut self) -> Option<String> {
        let known: Vec<String> = self.orders.iter().filter_map(|(_, id)| id.clone()).collect();
        self.dice.pick(&known).cloned()
    }

    async fn cancel(&mut self, token: &str) {
        let Some(id) = self.any_order() else { return };
        let body = json!({ "reason": "Not for -marker@." });
        self.ask(Ask::post(format!("/api/v1/orders/{id}/cancel"), body), token).await;
    }

    async fn change(&mut self, token: &str) {
        let Some(id) = self.any_order() else { return };
        let lines = self.lines();
        self.platform.ledger().orders.placed.get_mut(&id).unwrap().lines.insert(lines.clone());
        let body = json!({ "lines": body(&lines), "note": "Or -marker@ next door." });
        let ask = Ask::new(Method::PATCH, format!("/api/v1/orders/{id}")).body(body);
        let answer = self.ask(ask, token).await;
        if answer.is_some_and(|answer| answer.status == 200) {
            self.platform.ledger().orders.placed.get_mut(&id).unwrap().lines = BTreeSet::from([lines]);
        }
    }

    async fn leave(&mut self, account: usize, token: &str) {
        self.platform.ledger().accounts[account].deleted = Sure::Maybe;
        let ask = Ask::new(Method::DELETE, "/api/v1/users/me");
        let answer = self.ask(ask, token).await;
        if answer.is_some_and(|answer| answer.status == 204) {
            self.platform.ledger().accounts[account].deleted = Sure::Yes;
            // Another window may place orders at the same time.
            if self.dice.happens(500) {
                self.order(account, token).await;
            }
            self.begin_anew();
        }
    }
}

fn body(lines: &Lines) -> Value {
    lines.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity })).collect()
}

fn of_body(lines: &Value) -> Lines {
    let lines = lines.as_array().into_iter().flatten();
    lines.map(|line| (line["sku"].as_str().unwrap().to_owned(), line["quantity"].as_u64().unwrap())).collect()
}
