//! Orders and their stock.

use std::{collections::BTreeSet, time::Duration};

use local::{client::Client, operator::Command, seed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{KILLS, PASSWORD, Process};

/// Opening stock of the only product.
const UNITS: usize = 60;

/// As many as together may hold all of it.
const BUYERS: usize = 8;

/// Number of concurrent orders at the time of the kill.
const CONCURRENCY: usize = 24;

/// Kills a process during orders, repeatedly, until the stock is sold out and beyond.
#[test]
fn every_order_has_its_goods_after_a_kill_and_every_key_one_order() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut shop = Shop::open(Process::start(folder.path())).await;
        let mut ids = BTreeSet::new();
        for round in 0..KILLS {
            let acknowledged = shop.order_until_killed(round).await;
            shop.process = Process::start(folder.path());
            shop.log_in().await;
            let again = shop.order_again(round).await;
            assert!(acknowledged.is_subset(&again), "{acknowledged:?} are among {again:?}");
            ids.extend(again);
        }
        let orders = shop.get("/api/v1/orders?limit=100", &shop.keeper).await;
        let listed = orders["data"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap());
        assert_eq!(listed.collect::<BTreeSet<_>>(), ids.iter().map(String::as_str).collect());
        let stock = shop.get("/api/v1/stock/TICKET", &shop.keeper).await;
        assert_eq!((&stock["reserved"], &stock["available"]), (&json!(ids.len()), &json!(UNITS - ids.len())));
        assert_eq!(ids.len(), UNITS, "more was wanted than there is");
        shop.operate(&Command::ReconcileStock).await;
        shop.process.kill();
    });
}

/// A shop that sells tickets, somebody who sells, and those who buy.
struct Shop {
    process: Process,
    client: reqwest::Client,
    keeper: String,
    buyers: Vec<String>,
}

impl Shop {
    async fn open(process: Process) -> Self {
        let client = reqwest::Client::new();
        let mut shop = Self { process, client, keeper: String::new(), buyers: Vec::new() };
        shop.operate(&Command::SeedShopkeeper).await;
        for number in 0..BUYERS {
            shop.token("register", &buyer(number), PASSWORD).await;
        }
        shop.log_in().await;
        let price = json!({ "amount": 2500, "currency": "EUR" });
        let ticket = json!({
            "title": "A ticket", "sku": "TICKET", "price": price, "status": "active", "initial_stock": UNITS,
        });
        let made = shop.request(Method::POST, "/api/v1/products", &shop.keeper).json(&ticket);
        assert_eq!(made.send().await.unwrap().status(), StatusCode::CREATED);
        // Waits until orders know the product.
        let stock = || shop.request(Method::GET, "/api/v1/stock/TICKET", &shop.keeper).send();
        while stock().await.unwrap().status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shop
    }

    /// Sends concurrent orders and kills the process during them, each round after
    /// another number of replies; returns the acknowledged orders.
    async fn order_until_killed(&mut self, round: usize) -> BTreeSet<String> {
        let mut orders = tokio::task::JoinSet::new();
        for number in 0..CONCURRENCY {
            orders.spawn(ordered(self.order(round, number)));
        }
        let mut acknowledged = BTreeSet::new();
        let mut answers = 0;
        while answers <= round * 7 % 16
            && let Some(done) = orders.join_next().await
        {
            acknowledged.extend(done.unwrap());
            answers += 1;
        }
        self.process.kill();
        while let Some(done) = orders.join_next().await {
            acknowledged.extend(done.unwrap());
        }
        acknowledged
    }

    /// Repeats the orders with the same keys, as a client without a reply does.
    async fn order_again(&self, round: usize) -> BTreeSet<String> {
        let orders = (0..CONCURRENCY).map(|number| self.order(round, number));
        let mut ids = BTreeSet::new();
        for order in orders {
            let reply = order.send().await.unwrap();
            let (status, body) = (reply.status(), reply.json::<Value>().await.unwrap());
            match status {
                StatusCode::CREATED => {
                    assert!(ids.insert(id(&body)), "two keys have one order");
                }
                _ => assert_eq!(body["code"], "insufficient_stock", "{body}"),
            }
        }
        ids
    }

    fn order(&self, round: usize, number: usize) -> reqwest::RequestBuilder {
        let body = json!({ "lines": [{ "sku": "TICKET", "quantity": 1 }] });
        let buyer = &self.buyers[number % BUYERS];
        let order = self.request(Method::POST, "/api/v1/orders", buyer).json(&body);
        order.header("idempotency-key", format!("{round}-{number}"))
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        self.request(Method::GET, path, token).send().await.unwrap().json().await.unwrap()
    }

    /// Logs in again: tokens are bound to the process's address, which changes with
    /// each start.
    async fn log_in(&mut self) {
        self.keeper = self.token("login", seed::people::SHOPKEEPER, seed::PASSWORD).await;
        self.buyers.clear();
        for number in 0..BUYERS {
            self.buyers.push(self.token("login", &buyer(number), PASSWORD).await);
        }
    }

    async fn token(&self, way: &str, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let reply = self.client.post(format!("{}/api/v1/auth/{way}", self.process.url)).json(&body);
        let body: Value = reply.send().await.unwrap().json().await.unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    fn request(&self, method: Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.process.url)).bearer_auth(token)
    }

    async fn operate(&self, command: &Command) {
        let port = self.process.url.rsplit(':').next().unwrap().parse().unwrap();
        Client::of(port, &self.process.folder).unwrap().operate(command).await.unwrap();
    }
}

/// The id of an acknowledged order.
async fn ordered(order: reqwest::RequestBuilder) -> Option<String> {
    let reply = order.send().await.ok()?;
    if reply.status() != StatusCode::CREATED {
        return None;
    }
    Some(id(&reply.json().await.ok()?))
}

fn buyer(number: usize) -> String {
    format!("buyer.{number}@example.com")
}

fn id(order: &Value) -> String {
    order["id"].as_str().unwrap().to_owned()
}
