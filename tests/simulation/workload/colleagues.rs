//! Members of one organisation: they invite, promote, demote and remove each other, change
//! the profile, products, orders and events, leave, come back, and transfer the ownership.

#[path = "colleagues/events.rs"]
pub mod events;

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    super::{
        client::{Answer, Ask},
        platform::Platform,
    },
    LENGTH, administrator,
    merchants::sku,
};
use crate::seeded::Dice;

/// Number of colleagues.
pub const COUNT: usize = 3;

/// Number of steps of each.
const STEPS: usize = 7;

const PASSWORD: &str = "canary horse battery colleague";

const ROLES: [&str; 5] = ["owner", "admin", "editor", "staff", "viewer"];

fn email(number: usize) -> String {
    format!("colleague-{number}-marker@example.com")
}

/// True in a third of the seeds: their sign-ins are a third of the work of a seed.
pub fn live_in(seed: u64) -> bool {
    seed.is_multiple_of(3)
}

/// Creates the accounts, and the organisation with the first two of them as owners.
pub async fn found(platform: &Platform) {
    for number in 0..COUNT {
        administrator::create(platform, &email(number), PASSWORD).await;
    }
    let mut dice = Dice::new(&[platform.seed, 0xc01]);
    let founder = log_in(platform, &mut dice, 0).await.expect("signed in");
    let made = Ask::post("/api/v1/organizations", json!({ "name": "Colleagues" })).token(&founder);
    let made = made.ask(platform, 0, None).await.expect("an answer");
    let organization = made.body["id"].as_str().expect("an organisation").to_owned();
    let body = json!({ "email": email(1), "role": "owner" });
    let path = format!("/api/v1/organizations/{organization}/invitations");
    let invited = Ask::post(path, body).token(&founder).ask(platform, 0, None).await.expect("an answer");
    let invitation = invited.body["id"].as_str().expect("an invitation").to_owned();
    let second = log_in(platform, &mut dice, 1).await.expect("signed in");
    let accept = Ask::post(format!("/api/v1/invitations/{invitation}/accept"), json!({})).token(&second);
    assert_eq!(accept.ask(platform, 0, None).await.expect("an answer").status, 200);
    platform.ledger().organizations.id = organization;
}

async fn log_in(platform: &Platform, dice: &mut Dice, number: usize) -> Option<String> {
    let body = json!({ "email": email(number), "password": PASSWORD });
    let answer = Ask::post("/api/v1/auth/login", body).send(platform, dice).await?;
    let token = answer.body["access_token"].as_str()?.to_owned();
    let user = answer.body["user"]["id"].as_str()?.to_owned();
    platform.ledger().organizations.colleagues.insert(number, user);
    Some(token)
}

struct Colleague {
    platform: Arc<Platform>,
    dice: Dice,
    number: usize,
    token: Option<String>,
}

/// Runs the steps of a colleague.
pub async fn live(platform: Arc<Platform>, number: usize) {
    let end = Instant::now() + LENGTH;
    let dice = Dice::new(&[platform.seed, 0xc02, number as u64]);
    let mut colleague = Colleague { platform, dice, number, token: None };
    for _ in 0..STEPS {
        sleep(colleague.dice.millis(3_000)).await;
        if Instant::now() > end {
            return;
        }
        colleague.step().await;
    }
}

impl Colleague {
    async fn step(&mut self) {
        if self.token.is_none() {
            self.token = log_in(&self.platform, &mut self.dice, self.number).await;
        }
        if self.token.is_none() {
            return;
        }
        match self.dice.below(22) {
            0..=3 => self.change_profile().await,
            12..=13 => self.change_product().await,
            14 => self.publish().await,
            15..=16 => self.confirm().await,
            17 => self.announce().await,
            18..=21 => self.change_event().await,
            4 | 5 => self.change_role().await,
            6 => self.remove().await,
            7 => self.leave().await,
            8 => self.transfer().await,
            9 => self.invite().await,
            _ => self.join().await,
        }
    }

    async fn ask(&mut self, method: Method, path: &str, body: Value) -> Option<Answer> {
        let token = self.token.clone()?;
        let answer =
            Ask::new(method, path).body(body).token(&token).send(&self.platform, &mut self.dice).await?;
        if answer.status == 401 {
            self.token = None;
        }
        Some(answer)
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/organizations/{}{rest}", self.platform.ledger().organizations.id)
    }

    /// A colleague who has signed in, perhaps the same.
    fn anybody(&mut self) -> Option<String> {
        let known: Vec<String> = self.platform.ledger().organizations.colleagues.values().cloned().collect();
        self.dice.pick(&known).cloned()
    }

    async fn change_profile(&mut self) {
        let path = self.path("");
        let body = json!({ "summary": format!("Said by {} at {}.", self.number, self.dice.below(1_000)) });
        self.write(Method::PATCH, &path, body).await;
    }

    /// Offers a product of the organisation.
    async fn publish(&mut self) {
        let seller = self.platform.ledger().organizations.id.clone();
        let (sku, cents) = (sku(&mut self.dice), 300 + self.dice.below(3));
        let price = json!({ "amount": cents, "currency": "EUR" });
        let body =
            json!({ "sku": sku, "title": "Society", "price": price, "initial_stock": 8, "seller": seller });
        let made = self.write(Method::POST, "/api/v1/products", body).await;
        if let Some(id) = made.and_then(|made| made.body["id"].as_str().map(str::to_owned)) {
            self.platform.ledger().catalog.products.push(id);
        }
    }

    /// Changes any product: those of others are refused.
    async fn change_product(&mut self) {
        let known = self.platform.ledger().catalog.products.clone();
        let Some(id) = self.dice.pick(&known).cloned() else { return };
        let price = json!({ "amount": 400 + self.dice.below(3), "currency": "EUR" });
        self.write(Method::PATCH, &format!("/api/v1/products/{id}"), json!({ "price": price })).await;
    }

    /// Confirms any order: those of others are refused.
    async fn confirm(&mut self) {
        let known: Vec<String> = self.platform.ledger().orders.placed.keys().cloned().collect();
        let Some(id) = self.dice.pick(&known).cloned() else { return };
        self.write(Method::POST, &format!("/api/v1/orders/{id}/confirm"), Value::Null).await;
    }

    /// Writes as a member; gives the answer of a granted request.
    async fn write(&mut self, method: Method, path: &str, body: Value) -> Option<Answer> {
        let sent = Instant::now();
        let answer = self.ask(method, path, body).await.filter(|answer| answer.status < 300)?;
        self.judge(sent, path);
        Some(answer)
    }

    /// Judges a granted write for the organisation. Nobody writes after the acknowledgement of
    /// their removal, unless they may have come back since.
    fn judge(&self, sent: Instant, path: &str) {
        let mut ledger = self.platform.ledger();
        let Some(user) = ledger.organizations.colleagues.get(&self.number).cloned() else { return };
        let removed = ledger.organizations.removed.get(&user).copied();
        let is_back =
            ledger.organizations.joining.contains_key(&user) || ledger.organizations.excused.contains(&user);
        if removed.is_some_and(|removed| removed < sent) && !is_back {
            ledger.broken(format!("{user} wrote after the removal: {path}"));
        }
    }

    async fn change_role(&mut self) {
        let Some(user) = self.anybody() else { return };
        let role = *self.dice.pick(&ROLES).expect("a role");
        let path = self.path(&format!("/members/{user}"));
        self.write(Method::PATCH, &path, json!({ "role": role })).await;
    }

    async fn remove(&mut self) {
        let Some(user) = self.anybody() else { return };
        let path = self.path(&format!("/members/{user}"));
        let sent = Instant::now();
        // Leaving has no effect for an account that is no member.
        let answer = if self.own().as_ref() == Some(&user) {
            self.ask(Method::DELETE, &path, Value::Null).await
        } else {
            self.write(Method::DELETE, &path, Value::Null).await
        };
        self.record_end(user, sent, answer.as_ref());
    }

    async fn leave(&mut self) {
        let Some(user) = self.own() else { return };
        let path = self.path("/leave");
        let sent = Instant::now();
        let answer = self.ask(Method::POST, &path, Value::Null).await;
        self.record_end(user, sent, answer.as_ref());
    }

    /// The account of this colleague.
    fn own(&self) -> Option<String> {
        self.platform.ledger().organizations.colleagues.get(&self.number).cloned()
    }

    /// Records the acknowledged end of a membership.
    fn record_end(&self, user: String, sent: Instant, answer: Option<&Answer>) {
        if answer.is_none_or(|answer| answer.status != 204) {
            return;
        }
        let mut ledger = self.platform.ledger();
        // An acceptance that was answered before this request makes nobody a member again.
        let joined = ledger.organizations.joining.get(&user).copied().flatten();
        if joined.is_some_and(|answered| answered < sent) {
            ledger.organizations.joining.remove(&user);
        }
        ledger.organizations.removed.insert(user, Instant::now());
    }

    async fn transfer(&mut self) {
        let Some(user) = self.anybody() else { return };
        let path = self.path("/transfer");
        self.write(Method::POST, &path, json!({ "user_id": user })).await;
    }

    async fn invite(&mut self) {
        let role = *self.dice.pick(&ROLES).expect("a role");
        let body = json!({ "email": email(self.dice.below(COUNT)), "role": role });
        let path = self.path("/invitations");
        self.write(Method::POST, &path, body).await;
    }

    /// Accepts or declines an invitation.
    async fn join(&mut self) {
        let Some(found) = self.ask(Method::GET, "/api/v1/invitations", Value::Null).await else { return };
        let Some(id) = found.body["data"][0]["id"].as_str().map(str::to_owned) else { return };
        let verb = if self.dice.happens(800) { "accept" } else { "decline" };
        let Some(user) = self.own() else { return };
        self.platform.ledger().organizations.joining.insert(user.clone(), None);
        let answer = self.ask(Method::POST, &format!("/api/v1/invitations/{id}/{verb}"), json!({})).await;
        let mut ledger = self.platform.ledger();
        if answer.is_some_and(|answer| answer.status < 500) {
            ledger.organizations.joining.insert(user, Some(Instant::now()));
        } else {
            ledger.organizations.excused.insert(user);
        }
    }
}
