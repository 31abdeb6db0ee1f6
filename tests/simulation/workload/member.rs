//! Users with an account, or about to register.

use std::sync::Arc;

use serde_json::json;
use tokio::time::Instant;

use super::super::{
    client::{Answer, Ask},
    ledger::Sure,
    platform::Platform,
};
use crate::seeded::Dice;

/// Number of initial addresses: fewer than members, so that they compete.
const ADDRESSES: usize = 2;

/// See the [module](self).
pub struct Member {
    pub(super) platform: Arc<Platform>,
    pub(super) dice: Dice,
    pub(super) number: usize,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) account: Option<usize>,
    pub(super) sessions: Vec<usize>,
    /// Number of addresses and passwords generated.
    pub(super) ideas: usize,
}

impl Member {
    pub fn new(platform: &Arc<Platform>, number: usize) -> Self {
        let mut dice = Dice::new(&[platform.seed, 0x3e3, number as u64]);
        let email = format!("person-{}-marker@example.com", dice.below(ADDRESSES));
        let mut member = Self {
            platform: Arc::clone(platform),
            dice,
            number,
            email,
            password: String::new(),
            account: None,
            sessions: Vec::new(),
            ideas: 0,
        };
        member.password = member.new_password();
        member
    }

    /// Takes one step.
    pub async fn step(&mut self) {
        let Some(account) = self.account else { return self.join().await };
        if self.sessions.is_empty() {
            return self.log_in(account).await;
        }
        match self.dice.below(26) {
            0 | 1 => self.log_in(account).await,
            2..=7 => self.refresh().await,
            8 | 9 => self.refresh_in_two_tabs().await,
            10 => self.be_robbed().await,
            11..=14 => self.look().await,
            15 => self.log_out().await,
            16 => self.log_out_everywhere(account).await,
            17 | 18 => self.reset_password(account).await,
            19 => self.change_password(account).await,
            20 | 21 => self.change_address(account).await,
            22 => self.export(account).await,
            23 | 24 => self.insist(account).await,
            _ => self.leave(account).await,
        }
    }

    pub(super) fn new_password(&mut self) -> String {
        self.ideas += 1;
        format!("canary horse battery staple {}{}", self.number, self.ideas)
    }

    pub(super) fn new_address(&mut self) -> String {
        self.ideas += 1;
        format!("moved-{}-{}-marker@example.com", self.number, self.ideas)
    }

    pub(super) async fn ask(&mut self, ask: Ask) -> Option<Answer> {
        ask.send(&self.platform, &mut self.dice).await
    }

    /// A random session of the member, with its newest access token.
    pub(super) fn any_session(&mut self) -> Option<(usize, String)> {
        let session = *self.dice.pick(&self.sessions)?;
        let ledger = self.platform.ledger();
        ledger.sessions[session].access.last().map(|(token, _)| (session, token.clone()))
    }

    /// Starts again after the account was deleted.
    pub(super) fn forget(&mut self) {
        self.account = None;
        self.sessions.clear();
    }

    /// Registers, or finds out that an earlier attempt has succeeded.
    async fn join(&mut self) {
        let (email, password) = (self.email.clone(), self.password.clone());
        let body = json!({ "email": email, "password": password, "name": "Ada Marker-Lovelace" });
        match self.ask(Ask::post("/api/v1/auth/register", body)).await {
            Some(answer) if answer.status == 201 => self.has_joined(&answer),
            Some(answer) if answer.status == 409 => {
                let body = json!({ "email": email, "password": password });
                match self.ask(Ask::post("/api/v1/auth/login", body)).await {
                    Some(answer) if answer.status == 200 => self.has_joined(&answer),
                    Some(answer) if answer.status == 401 => self.email = self.new_address(),
                    Some(_) | None => {}
                }
            }
            Some(_) | None => {}
        }
    }

    fn has_joined(&mut self, answer: &Answer) {
        let mut ledger = self.platform.ledger();
        let user_id = answer.body["user"]["id"].as_str().unwrap();
        let account = ledger.account(user_id, &self.email, &self.password);
        self.sessions.push(ledger.session(account, &answer.body));
        self.account = Some(account);
    }

    async fn log_in(&mut self, account: usize) {
        let (email, password, certain) = {
            let ledger = self.platform.ledger();
            let known = &ledger.accounts[account];
            let certain = known.emails.len() == 1 && known.passwords.len() == 1;
            let email = self.dice.pick(&known.emails).unwrap().clone();
            (email, self.dice.pick(&known.passwords).unwrap().clone(), certain)
        };
        let sent = Instant::now();
        let body = json!({ "email": email, "password": password });
        let Some(answer) = self.ask(Ask::post("/api/v1/auth/login", body)).await else { return };
        let mut ledger = self.platform.ledger();
        match answer.status {
            200 if answer.body["user"]["id"] == *ledger.accounts[account].user_id => {
                if ledger.accounts[account].deleted == Sure::Yes {
                    ledger.broken(format!("a deleted account was logged in to, sent at {sent:?}"));
                }
                self.sessions.push(ledger.session(account, &answer.body));
            }
            401 => match ledger.accounts[account].deleted {
                Sure::No if certain => ledger.broken("an acknowledged account could not be logged in to"),
                Sure::No => {}
                Sure::Maybe | Sure::Yes => {
                    drop(ledger);
                    self.forget();
                }
            },
            403 if !ledger.accounts[account].administered => {
                ledger.broken("an account is blocked that no administrator has touched");
            }
            _ => {}
        }
    }
}
