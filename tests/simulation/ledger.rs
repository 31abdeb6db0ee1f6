//! Knowledge of the callers: the replies, and the possible effects of requests without
//! a reply. The invariants hold the platform to it.

pub mod orders;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use orders::Orders;
use serde_json::Value;
use tokio::time::Instant;

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Ledger {
    pub accounts: Vec<Account>,
    pub sessions: Vec<Session>,
    /// Locations of requested exports, and their accounts.
    pub exports: Vec<(usize, String)>,
    /// Accounts that an administrator has changed before their owners were told
    /// that they have them.
    pub strangers: BTreeSet<String>,
    pub catalog: Catalog,
    pub orders: Orders,
    /// Violations seen by callers.
    pub broken: Vec<String>,
}

/// Knowledge of the catalogue's administrators.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Categories that somebody was told that there are.
    pub categories: Vec<String>,
    /// Products that somebody was told that there are.
    pub products: Vec<String>,
    /// Products that somebody wanted to be gone.
    pub unwanted: BTreeSet<String>,
    /// Number of requests of each change of the tree.
    pub tree: BTreeMap<String, Wishes>,
}

/// Number of requests.
#[derive(Debug, Default)]
pub struct Wishes {
    /// So often it may have come to be.
    pub asked: usize,
    /// So often somebody was told that it has.
    pub granted: usize,
}

/// An account that somebody was told that they have.
#[derive(Debug)]
pub struct Account {
    pub user_id: String,
    /// It has one of these addresses.
    pub emails: Vec<String>,
    /// It has one of these passwords.
    pub passwords: Vec<String>,
    /// True if an administrator may have changed its role or status.
    pub administered: bool,
    pub deleted: Sure,
}

/// Certainty of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    No,
    Maybe,
    Yes,
}

/// A session that somebody was told that they have.
#[derive(Debug)]
pub struct Session {
    pub account: usize,
    pub id: String,
    /// Its access tokens, with the moment at which each ends.
    pub access: Vec<(String, Instant)>,
    /// Its refresh tokens, the newest last.
    pub refresh: Vec<String>,
    /// Possible refreshes since the newest token arrived.
    pub unseen: u32,
    /// True if a thief has used one of its tokens.
    pub stolen: bool,
    /// True if another caller may have ended it.
    pub maybe_ended: bool,
    /// Since when it has ended for sure.
    pub ended_at: Option<Instant>,
}

impl Ledger {
    /// Something was that must not be.
    pub fn broken(&mut self, what: impl Into<String>) {
        self.broken.push(what.into());
    }

    /// An account, once it is known; an address and a password that lead to it.
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

    /// The session of a token reply.
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

    /// True if a session can only have changed by the replies that its owner knows.
    pub fn is_undisturbed(&self, session: usize) -> bool {
        let session = &self.sessions[session];
        let account = &self.accounts[session.account];
        !session.stolen && !session.maybe_ended && !account.administered && account.deleted == Sure::No
    }

    /// The sessions of an account but for one may be ended from now on; gives
    /// those that were there before.
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

    /// These sessions have ended for sure.
    pub fn have_ended(&mut self, sessions: &[usize]) {
        for session in sessions {
            let session = &mut self.sessions[*session];
            session.maybe_ended = true;
            session.ended_at = session.ended_at.or(Some(Instant::now()));
        }
    }
}

impl Session {
    /// Takes the tokens of a refresh.
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

/// Which refresh of its session a token comes of.
pub fn counter(token: &str) -> u32 {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
    u32::from_be_bytes(bytes[36..40].try_into().unwrap())
}

/// The session that an access token names.
fn session_of(token: &str) -> String {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sid"].as_str().unwrap().to_owned()
}
