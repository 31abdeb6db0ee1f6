//! The callers' knowledge: acknowledged changes, and changes without an answer that
//! may have happened. The invariants compare the platform with it.

pub mod orders;
pub mod organizations;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use orders::Orders;
use organizations::Organizations;
use serde_json::Value;
use tokio::time::Instant;

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Ledger {
    pub accounts: Vec<Account>,
    pub sessions: Vec<Session>,
    /// Requested exports: account and location.
    pub exports: Vec<(usize, String)>,
    /// Accounts that an administrator has changed before their owners got the reply
    /// to the registration.
    pub strangers: BTreeSet<String>,
    pub catalog: Catalog,
    pub orders: Orders,
    pub organizations: Organizations,
    /// Violations that were seen during the run.
    pub broken: Vec<String>,
}

/// Knowledge of the catalogue's managers.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Acknowledged categories.
    pub categories: Vec<String>,
    /// Acknowledged products.
    pub products: Vec<String>,
    /// Products whose deletion was requested.
    pub unwanted: BTreeSet<String>,
    /// Number of requests of each change of the tree.
    pub tree: BTreeMap<String, Wishes>,
}

/// Number of requests of a change.
#[derive(Debug, Default)]
pub struct Wishes {
    /// Requests that may have been performed.
    pub asked: usize,
    /// Acknowledged requests.
    pub granted: usize,
}

/// An acknowledged account.
#[derive(Debug)]
pub struct Account {
    pub user_id: String,
    /// Possible addresses.
    pub emails: Vec<String>,
    /// Possible passwords.
    pub passwords: Vec<String>,
    /// True if an administrator may have changed its role or status.
    pub administered: bool,
    pub deleted: Sure,
}

/// Certainty of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    No,
    Maybe,
    Yes,
}

/// An acknowledged session.
#[derive(Debug)]
pub struct Session {
    pub account: usize,
    pub id: String,
    /// Access tokens, each with its expiry.
    pub access: Vec<(String, Instant)>,
    /// Refresh tokens, the newest last.
    pub refresh: Vec<String>,
    /// Number of refreshes without an answer since the newest token.
    pub unseen: u32,
    /// True if a thief has used one of its tokens.
    pub stolen: bool,
    /// True if the session may have been ended.
    pub maybe_ended: bool,
    /// Time since which the session has certainly ended.
    pub ended_at: Option<Instant>,
}

impl Ledger {
    /// Records a violation.
    pub fn broken(&mut self, what: impl Into<String>) {
        self.broken.push(what.into());
    }

    /// Finds or adds an account, with an address and a password of it.
    pub fn account(&mut self, user_id: &str, email: &str, password: &str) -> usize {
        let known = self.accounts.iter().position(|account| account.user_id == user_id);
        known.unwrap_or_else(|| {
            self.accounts.push(Account {
                user_id: user_id.to_owned(),
                emails: vec![email.to_owned()],
                passwords: vec![password.to_owned()],
                administered: self.strangers.contains(user_id),
                deleted: if self.strangers.contains(user_id) { Sure::Maybe } else { Sure::No },
            });
            self.accounts.len() - 1
        })
    }

    /// Adds the session of a token reply.
    pub fn session(&mut self, account: usize, reply: &Value) -> usize {
        let access = reply["access_token"].as_str().unwrap();
        let session = Session {
            account,
            id: session_of(access),
            access: vec![(access.to_owned(), end(reply))],
            refresh: vec![reply["refresh_token"].as_str().unwrap().to_owned()],
            unseen: 0,
            stolen: false,
            maybe_ended: false,
            ended_at: None,
        };
        self.sessions.push(session);
        self.sessions.len() - 1
    }

    /// True if nothing can have happened to a session beyond the answers that its
    /// owner got.
    pub fn is_undisturbed(&self, session: usize) -> bool {
        let session = &self.sessions[session];
        let account = &self.accounts[session.account];
        !session.stolen && !session.maybe_ended && !account.administered && account.deleted == Sure::No
    }

    /// Marks the sessions of an account, except one, as possibly ended; returns those
    /// that existed before.
    pub fn may_end_all(&mut self, account: usize, except: Option<usize>) -> Vec<usize> {
        let of_account =
            |(place, session): &(usize, &mut Session)| session.account == account && Some(*place) != except;
        let sessions = self.sessions.iter_mut().enumerate().filter(of_account);
        sessions
            .map(|(place, session)| {
                session.maybe_ended = true;
                place
            })
            .collect()
    }

    /// Marks sessions as certainly ended.
    pub fn have_ended(&mut self, sessions: &[usize]) {
        for session in sessions {
            let session = &mut self.sessions[*session];
            session.maybe_ended = true;
            session.ended_at = session.ended_at.or(Some(Instant::now()));
        }
    }
}

impl Session {
    /// Adds the tokens of a refresh.
    pub fn take(&mut self, reply: &Value) {
        self.access.push((reply["access_token"].as_str().unwrap().to_owned(), end(reply)));
        let token = reply["refresh_token"].as_str().unwrap().to_owned();
        if counter(&token) > counter(self.newest()) {
            self.refresh.push(token);
            self.unseen = 0;
        }
    }

    /// The newest refresh token.
    pub fn newest(&self) -> &str {
        self.refresh.last().unwrap()
    }
}

fn end(reply: &Value) -> Instant {
    Instant::now() + Duration::from_secs(reply["expires_in"].as_u64().unwrap())
}

/// Number of a refresh token in its session.
pub fn counter(token: &str) -> u32 {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
    u32::from_be_bytes(bytes[36..40].try_into().unwrap())
}

/// The session id of an access token.
fn session_of(token: &str) -> String {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sid"].as_str().unwrap().to_owned()
}
