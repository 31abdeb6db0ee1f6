//! Managers of the catalogue, several at once: they create, move, rename and delete
//! categories, their own and each other's, and put products into them.

use std::{sync::Arc, time::Duration};

use http::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    super::{
        client::{Answer, Ask},
        platform::Platform,
    },
    administrator,
};
use crate::seeded::Dice;

/// Maximum number of managers.
pub const COUNT: usize = 3;

/// Number of steps of each.
const STEPS: usize = 5;

/// Maximum number of attempts at one change.
const TRIES: usize = 3;

struct Keeper {
    platform: Arc<Platform>,
    dice: Dice,
    number: usize,
    token: Option<String>,
    /// Number of names generated.
    ideas: usize,
}

/// Runs the steps of a manager.
pub async fn live(platform: Arc<Platform>, number: usize) {
    let dice = Dice::new(&[platform.seed, 0xca, number as u64]);
    let mut keeper = Keeper { platform, dice, number, token: None, ideas: 0 };
    for _ in 0..STEPS {
        sleep(keeper.dice.millis(3_000)).await;
        keeper.step().await;
    }
}

impl Keeper {
    async fn step(&mut self) {
        if self.token.is_none() {
            let chief = self.number % administrator::COUNT;
            self.token = administrator::log_in(&self.platform, &mut self.dice, chief).await;
        }
        let Some(token) = self.token.clone() else { return };
        match self.dice.below(14) {
            0..4 => self.create_category(&token).await,
            4..6 => self.move_category(&token).await,
            6 => self.rename_category(&token).await,
            7 => self.delete_category(&token).await,
            8..11 => self.create_product(&token).await,
            11..13 => self.change_product(&token).await,
            _ => self.delete_product(&token).await,
        }
    }

    /// A unique name; one word, as a typical product has few.
    fn idea(&mut self) -> String {
        self.ideas += 1;
        format!("idea{}x{}", self.number, self.ideas)
    }

    /// A random acknowledged category.
    fn category(&mut self) -> Option<String> {
        let known = self.platform.ledger().catalog.categories.clone();
        self.dice.pick(&known).cloned()
    }

    fn product(&mut self) -> Option<String> {
        let known = self.platform.ledger().catalog.products.clone();
        self.dice.pick(&known).cloned()
    }

    /// A random parent: a category, or the top.
    fn parent(&mut self) -> Option<String> {
        if self.dice.happens(250) { None } else { self.category() }
    }

    async fn ask(&mut self, ask: Ask, token: &str) -> Option<Answer> {
        let answer = ask.token(token).send(&self.platform, &mut self.dice).await?;
        if matches!(answer.status, 401 | 403) {
            self.token = None;
        }
        Some(answer).filter(|answer| answer.status < 500)
    }

    /// Requests a change of the tree, and records the request and its answer in the
    /// ledger.
    async fn change_tree(&mut self, wish: String, ask: Ask, token: &str) {
        self.platform.ledger().catalog.tree.entry(wish.clone()).or_default().asked += 1;
        let answer = self.ask(ask, token).await;
        if answer.is_some_and(|answer| answer.status < 300) {
            self.platform.ledger().catalog.tree.entry(wish).or_default().granted += 1;
        }
    }

    /// Creates a resource, with retries under one key.
    async fn make(&mut self, path: &str, name: &str, body: Value, token: &str) -> Option<String> {
        for _ in 0..TRIES {
            let ask = Ask::post(path, body.clone()).header("idempotency-key", name.to_owned());
            let Some(answer) = self.ask(ask, token).await else {
                sleep(Duration::from_secs(1)).await;
                continue;
            };
            if answer.status == 409 {
                let code = answer.code().to_owned();
                self.platform.ledger().broken(format!("{name} found itself in its way: {code}"));
            }
            return (answer.status == 201).then(|| answer.body["id"].as_str().unwrap().to_owned());
        }
        None
    }

    async fn create_category(&mut self, token: &str) {
        let (name, parent) = (self.idea(), self.parent());
        let wish = format!("create {name}");
        self.platform.ledger().catalog.tree.entry(wish.clone()).or_default().asked += 1;
        let body = json!({ "name": name, "slug": name, "parent_id": parent });
        if let Some(id) = self.make("/api/v1/categories", &name, body, token).await {
            let mut ledger = self.platform.ledger();
            ledger.catalog.tree.entry(wish).or_default().granted += 1;
            ledger.catalog.categories.push(id);
        }
    }

    async fn move_category(&mut self, token: &str) {
        let Some(id) = self.category() else { return };
        let parent = self.parent();
        let before = if self.dice.happens(300) { self.category() } else { None };
        let wish = format!("move {id} to {}", parent.as_deref().unwrap_or("the top"));
        let body = json!({ "parent_id": parent, "before": before });
        self.change_tree(wish, Ask::post(format!("/api/v1/categories/{id}/move"), body), token).await;
    }

    async fn rename_category(&mut self, token: &str) {
        let Some(id) = self.category() else { return };
        let name = self.idea();
        let mut body = json!({ "name": name });
        if self.dice.happens(300) {
            body["status"] = (*self.dice.pick(&["active", "hidden"]).unwrap()).into();
        }
        let ask = Ask::new(Method::PATCH, format!("/api/v1/categories/{id}")).body(body);
        self.change_tree(format!("call {id} {name}"), ask, token).await;
    }

    async fn delete_category(&mut self, token: &str) {
        let Some(id) = self.category() else { return };
        let mode = *self.dice.pick(&["refuse", "reparent", "cascade"]).unwrap();
        let ask = Ask::new(Method::DELETE, format!("/api/v1/categories/{id}?mode={mode}"));
        self.change_tree(format!("delete {id}"), ask, token).await;
    }

    async fn create_product(&mut self, token: &str) {
        let name = self.idea();
        let categories = self.some_categories();
        let price = json!({ "amount": self.dice.below(900), "currency": "EUR" });
        let body =
            json!({ "sku": name, "slug": name, "title": name, "price": price, "category_ids": categories });
        if let Some(id) = self.make("/api/v1/products", &name, body, token).await {
            self.platform.ledger().catalog.products.push(id);
        }
    }

    fn some_categories(&mut self) -> Vec<String> {
        let mut categories: Vec<String> = (0..self.dice.below(3)).filter_map(|_| self.category()).collect();
        categories.sort();
        categories.dedup();
        categories
    }

    async fn change_product(&mut self, token: &str) {
        let Some(id) = self.product() else { return };
        let body = match self.dice.below(3) {
            0 => json!({ "category_ids": self.some_categories() }),
            1 => json!({ "status": self.dice.pick(&["draft", "active", "archived"]) }),
            _ => json!({ "title": self.idea(), "sku": self.idea() }),
        };
        self.ask(Ask::new(Method::PATCH, format!("/api/v1/products/{id}")).body(body), token).await;
    }

    async fn delete_product(&mut self, token: &str) {
        let Some(id) = self.product() else { return };
        self.platform.ledger().catalog.unwanted.insert(id.clone());
        self.ask(Ask::new(Method::DELETE, format!("/api/v1/products/{id}")), token).await;
    }
}
