//! A member's actions on sessions: use a token, refresh alone, in two tabs or against
//! a thief, sign out.

use std::time::Duration;

use futures::future::join;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    super::{
        client::{Answer, Ask},
        ledger::Sure,
    },
    member::Member,
};

/// Maximum time for which an access token works after its session's end: without
/// faults, and if an instance cannot read the revocations.
const SOON: Duration = Duration::from_secs(5);
const AT_LAST: Duration = Duration::from_secs(30);

/// Maximum leeway of clocks.
const LEEWAY: Duration = Duration::from_secs(6);

fn refresh_with(token: &str) -> Ask {
    Ask::post("/api/v1/auth/refresh", json!({ "refresh_token": token }))
}

impl Member {
    /// Uses any access token, old or new.
    pub(super) async fn look(&mut self) {
        let Some(session) = self.dice.pick(&self.sessions).copied() else { return };
        let access = self.platform.ledger().sessions[session].access.clone();
        let (token, end) = self.dice.pick(&access).unwrap().clone();
        let path = if self.dice.happens(500) { "/api/v1/auth/me" } else { "/api/v1/users/me" };
        let sent = Instant::now();
        let Some(answer) = self.ask(Ask::get(path).token(&token)).await else { return };
        let mut ledger = self.platform.ledger();
        let limit = if self.platform.aws.faults.can_happen() { AT_LAST } else { SOON };
        let ended = ledger.sessions[session].ended_at.is_some_and(|at| sent > at + limit);
        match answer.status {
            200 if ended => ledger.broken("an access token outlived its session"),
            200 if sent > end + LEEWAY => ledger.broken("an access token outlived itself"),
            401 if ledger.is_undisturbed(session) && Instant::now() < end => {
                ledger.broken("an access token of a living session was refused");
            }
            _ => {}
        }
    }

    pub(super) async fn refresh(&mut self) {
        let Some((session, _)) = self.any_session() else { return };
        let (token, unseen) = self.newest(session);
        let sent = Instant::now();
        let answer = self.ask(refresh_with(&token)).await;
        // One lost answer is tolerated.
        self.refreshed(session, sent, answer.as_ref(), unseen > 1);
    }

    pub(super) async fn refresh_in_two_tabs(&mut self) {
        let Some((session, _)) = self.any_session() else { return };
        let (token, unseen) = self.newest(session);
        let sent = Instant::now();
        let mut other = self.dice.clone();
        other.roll();
        let platform = self.platform.clone();
        let first = refresh_with(&token).send(&platform, &mut self.dice);
        let second = refresh_with(&token).send(&platform, &mut other);
        let (first, second) = join(first, second).await;
        // The tab with an answer first: its answer makes up for the other's loss.
        let mut answers = [first, second];
        answers.sort_by_key(|answer| answer.as_ref().is_none_or(|answer| answer.status != 200));
        for answer in answers {
            // Two requests with a token whose successor got lost are one too many.
            self.refreshed(session, sent, answer.as_ref(), unseen > 0);
        }
        // Both together rotate it once.
        let mut ledger = self.platform.ledger();
        let session = &mut ledger.sessions[session];
        session.unseen = session.unseen.min(unseen + 1);
    }

    /// A thief uses a copied refresh token, an old one or the newest.
    pub(super) async fn be_robbed(&mut self) {
        let Some((session, _)) = self.any_session() else { return };
        let tokens = {
            let mut ledger = self.platform.ledger();
            ledger.sessions[session].stolen = true;
            ledger.sessions[session].refresh.clone()
        };
        let token = self.dice.pick(&tokens).unwrap().clone();
        let sent = Instant::now();
        let answer = self.ask(refresh_with(&token)).await;
        let refused = answer.as_ref().filter(|answer| answer.status != 200);
        self.refreshed(session, sent, refused, true);
    }

    /// The newest refresh token of a session, and the number of answers lost since.
    fn newest(&self, session: usize) -> (String, u32) {
        let ledger = self.platform.ledger();
        let session = &ledger.sessions[session];
        (session.newest().to_owned(), session.unseen)
    }

    /// Records the answer to a refresh. `excused`: earlier losses justify a refusal.
    fn refreshed(&self, session: usize, sent: Instant, answer: Option<&Answer>, excused: bool) {
        let mut ledger = self.platform.ledger();
        let undisturbed = ledger.is_undisturbed(session);
        let known = &mut ledger.sessions[session];
        match answer {
            Some(answer) if answer.status == 200 => {
                let ended = known.ended_at.is_some_and(|at| sent > at);
                known.take(&answer.body);
                if ended {
                    ledger.broken("a session was refreshed that had ended");
                }
            }
            Some(answer) if answer.status == 401 => {
                known.maybe_ended = true;
                if answer.code() == "refresh_token_reused" {
                    ledger.have_ended(&[session]);
                }
                if undisturbed && !excused {
                    ledger.broken(format!("the newest refresh token was refused: {}", answer.code()));
                }
            }
            Some(_) | None => known.unseen += 1,
        }
    }

    pub(super) async fn log_out(&mut self) {
        let Some((session, token)) = self.any_session() else { return };
        self.platform.ledger().sessions[session].maybe_ended = true;
        let answer = self.ask(Ask::post("/api/v1/auth/logout", json!({})).token(&token)).await;
        if answer.is_some_and(|answer| answer.status == 204) {
            self.platform.ledger().have_ended(&[session]);
        }
    }

    pub(super) async fn log_out_everywhere(&mut self, account: usize) {
        let Some((_, token)) = self.any_session() else { return };
        let all = self.platform.ledger().may_end_all(account, None);
        let body = json!({ "everywhere": true });
        let answer = self.ask(Ask::post("/api/v1/auth/logout", body).token(&token)).await;
        if answer.is_some_and(|answer| answer.status == 204) {
            self.platform.ledger().have_ended(&all);
        }
    }

    /// An access token with recent authentication.
    pub(super) async fn recent_token(&mut self, account: usize) -> Option<(usize, String)> {
        let (session, token) = self.any_session()?;
        if self.dice.happens(700) {
            return Some((session, token));
        }
        let passwords = self.platform.ledger().accounts[account].passwords.clone();
        let body = json!({ "password": self.dice.pick(&passwords) });
        let answer = self.ask(Ask::post("/api/v1/auth/reauthenticate", body).token(&token)).await?;
        let mut ledger = self.platform.ledger();
        let certain = passwords.len() == 1 && ledger.accounts[account].deleted == Sure::No;
        match answer.status {
            200 => {
                ledger.sessions[session].take(&answer.body);
                let token: &Value = &answer.body["access_token"];
                Some((session, token.as_str().unwrap().to_owned()))
            }
            403 if certain => {
                ledger.broken("the only password that there can be was refused");
                None
            }
            _ => None,
        }
    }
}
