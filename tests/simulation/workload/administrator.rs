//! Administrators: they list users, change their roles, block and delete them and
//! each other, and create accounts.

use std::{sync::Arc, time::Duration};

use http::Method;
use local::accounts::Accounts;
use serde_json::{Value, json};
use shared::{
    Context,
    id::Ids,
    identity::{
        accounts::NewAccount,
        password::{HashCost, Password},
    },
    telemetry::Log,
    vocabulary::Role,
};
use tokio::time::sleep;

use super::super::{client::Ask, ledger::Sure, platform::Platform};
use crate::seeded::{self, Dice};

/// Number of administrators at the start.
pub const COUNT: usize = 2;

/// Number of steps of each.
const STEPS: usize = 4;

const PASSWORD: &str = "canary horse battery administrator";

fn email(number: usize) -> String {
    format!("chief-{number}-marker@example.com")
}

/// Creates the first administrators.
pub async fn found(platform: &Platform) {
    for number in 0..COUNT {
        let account =
            NewAccount { role: Role::Admin, ..NewAccount::confirmed(email(number).parse().unwrap()) };
        make(platform, account, PASSWORD).await;
    }
}

/// Creates the account of a user with a verified address.
pub async fn create(platform: &Platform, email: &str, password: &str) {
    make(platform, NewAccount::confirmed(email.parse().unwrap()), password).await;
}

async fn make(platform: &Platform, account: NewAccount, password: &str) {
    let number = platform.ledger().accounts.len() as u64;
    let random = seeded::random(Dice::new(&[platform.seed, 0xacc, number]).roll());
    let clock = platform.clock.clone();
    let context = Context {
        function: "agora",
        stage: "local".to_owned(),
        ids: Ids::new(clock.clone(), random.clone()),
        clock,
        random: random.clone(),
        log: Log::from_fn(|_| {}),
    };
    let table = platform.stack.table.name.clone();
    let path = "/agora/local/".to_owned();
    let accounts = Accounts::open(&platform.sdk_config("agora"), table, path, context).await.unwrap();
    let cost = HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };
    let email = account.email.as_str().to_owned();
    let hash = cost.hash(Password::parse(password.to_owned(), &[]).unwrap(), &random).await.unwrap();
    let account = NewAccount { password_hash: Some(hash), ..account };
    let user = accounts.create(account).await.unwrap();
    let mut ledger = platform.ledger();
    let account = ledger.account(&user.id.to_string(), &email, password);
    ledger.accounts[account].administered = true;
}

/// Logs one of the first administrators in; `None` if it fails.
pub async fn log_in(platform: &Platform, dice: &mut Dice, number: usize) -> Option<String> {
    let body = json!({ "email": email(number), "password": PASSWORD });
    let answer = Ask::post("/api/v1/auth/login", body).send(platform, dice).await?;
    answer.body["access_token"].as_str().map(str::to_owned)
}

/// An administrator.
struct Administrator {
    platform: Arc<Platform>,
    dice: Dice,
    number: usize,
    token: Option<String>,
    /// Number of addresses generated.
    ideas: usize,
}

/// Runs the steps of an administrator.
pub async fn live(platform: Arc<Platform>, number: usize) {
    let dice = Dice::new(&[platform.seed, 0xad, number as u64]);
    let mut administrator = Administrator { platform, dice, number, token: None, ideas: 0 };
    for _ in 0..STEPS {
        sleep(administrator.dice.millis(5_000)).await;
        administrator.step().await;
    }
}

impl Administrator {
    async fn step(&mut self) {
        let Some(token) = self.token.clone() else { return self.log_in().await };
        if self.dice.happens(200) {
            return self.make(&token).await;
        }
        let Some(target) = self.somebody(&token).await else { return };
        let path = format!("/api/v1/users/{target}");
        let body = match self.dice.below(5) {
            0 => json!({ "role": "ADMIN" }),
            1 => json!({ "role": "USER" }),
            2 => json!({ "status": "blocked" }),
            3 => json!({ "status": "active" }),
            _ => Value::Null,
        };
        {
            let mut ledger = self.platform.ledger();
            if body["role"] == "ADMIN" {
                ledger.organizations.excused.insert(target.clone());
            }
            if let Some(place) = ledger.accounts.iter().position(|account| account.user_id == target) {
                ledger.accounts[place].administered = true;
                ledger.may_end_all(place, None);
                if body.is_null() && ledger.accounts[place].deleted == Sure::No {
                    ledger.accounts[place].deleted = Sure::Maybe;
                }
            } else {
                ledger.strangers.insert(target);
            }
        }
        let ask = match body {
            Value::Null => Ask::new(Method::DELETE, path),
            body => Ask::new(Method::PATCH, path).body(body),
        };
        self.ask(ask, &token).await;
    }

    async fn log_in(&mut self) {
        self.token = log_in(&self.platform, &mut self.dice, self.number).await;
    }

    async fn ask(&mut self, ask: Ask, token: &str) -> Option<super::super::client::Answer> {
        let answer = ask.token(token).send(&self.platform, &mut self.dice).await?;
        if matches!(answer.status, 401 | 403) {
            self.token = None;
        }
        Some(answer)
    }

    /// The id of a random user from one of the lists.
    async fn somebody(&mut self, token: &str) -> Option<String> {
        let query = *self.dice.pick(&["", "?role=ADMIN", "?status=active", "?q=person", "?limit=2"])?;
        let answer = self.ask(Ask::get(format!("/api/v1/users{query}")), token).await?;
        let people = answer.body["data"].as_array()?;
        self.dice.pick(people)?["id"].as_str().map(str::to_owned)
    }

    /// Creates an account, with retries under one key.
    async fn make(&mut self, token: &str) {
        self.ideas += 1;
        let email = format!("made-{}-{}-marker@example.com", self.number, self.ideas);
        let body = json!({ "email": email, "password": PASSWORD });
        let key = format!("{}-{}", self.number, self.ideas);
        for _ in 0..3 {
            let ask = Ask::post("/api/v1/users", body.clone()).header("idempotency-key", key.clone());
            let answer = self.ask(ask, token).await;
            let Some(answer) = answer.filter(|answer| answer.status < 500) else {
                sleep(Duration::from_secs(1)).await;
                continue;
            };
            let mut ledger = self.platform.ledger();
            match answer.status {
                201 => {
                    let id = answer.body["id"].as_str().unwrap();
                    ledger.account(id, &email, PASSWORD);
                }
                409 => ledger.broken("a repeated request found its own account in its way"),
                _ => {}
            }
            return;
        }
    }
}
