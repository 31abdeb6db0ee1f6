//! `POST /api/v1/auth/refresh`, with all events in the life of a session's tokens:
//! their owner refreshes in one tab or in two at once, answers get lost, a thief has
//! copied tokens, and time passes.

use std::time::Duration;

use futures::future::join;
use proptest::{collection::vec, option, prelude::*};
use serde_json::json;

use super::{ADA, text};
use crate::harness::{App, property};

/// Seconds for which the previous token returns the newest again.
const WINDOW: u64 = 10;

/// Holder of a token of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Owner,
    Thief,
}

/// A step of a history.
#[derive(Debug, Clone)]
enum Step {
    /// Seconds pass.
    Wait(u64),
    /// A holder refreshes; with a lost answer they keep their token.
    Refresh { who: Holder, lost: bool },
    /// Two of the owner's tabs refresh at once.
    Tabs,
    /// The thief copies the owner's token.
    Steal,
}

fn step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![Just(Holder::Owner), Just(Holder::Thief)];
    prop_oneof![
        3 => (0..2 * WINDOW).prop_map(Step::Wait),
        4 => (who, any::<bool>()).prop_map(|(who, lost)| Step::Refresh { who, lost }),
        1 => Just(Step::Tabs),
        1 => Just(Step::Steal),
    ]
}

/// Answer to a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// The next token.
    Next,
    /// The newest token again.
    Same,
    /// The session has ended.
    Over,
}

/// The expected state of a session, and the tokens issued for it.
struct World<'a> {
    app: &'a App,
    /// Issued tokens in order; the last is the newest.
    tokens: Vec<String>,
    /// Indices of the tokens of the owner and the thief.
    held: [usize; 2],
    /// Seconds since the newest token was issued.
    age: u64,
    /// True if the previous token has been accepted late since the newest one was
    /// used.
    grace_used: bool,
    over: bool,
}

impl<'a> World<'a> {
    async fn new(app: &'a App) -> Self {
        let tokens = app.log_in(ADA).await;
        let first = text(&tokens, "refresh_token").to_owned();
        Self { app, tokens: vec![first], held: [0, 0], age: 0, grace_used: false, over: false }
    }

    fn newest(&self) -> usize {
        self.tokens.len() - 1
    }

    fn wait(&mut self, seconds: u64) {
        self.app.advance(Duration::from_secs(seconds));
        self.age += seconds;
    }

    /// The expected answer to a token.
    fn expected(&self, token: usize) -> Answer {
        match self.newest() - token {
            _ if self.over => Answer::Over,
            1 if self.grace_used => Answer::Over,
            1 if self.age < WINDOW => Answer::Same,
            0 | 1 => Answer::Next,
            _ => Answer::Over,
        }
    }

    /// Refreshes, and compares the answer with the expected one; if `lost`, the
    /// holder keeps the previous token.
    async fn refresh(&mut self, who: Holder, lost: bool) -> Answer {
        let token = self.held[who as usize];
        let expected = self.expected(token);
        let body = json!({ "refresh_token": self.tokens[token] });
        let reply = self.app.post("/api/v1/auth/refresh", body).await;
        match expected {
            Answer::Next => {
                let next = text(&reply.json(), "refresh_token").to_owned();
                assert!(!self.tokens.contains(&next));
                self.grace_used = token != self.newest();
                self.tokens.push(next);
                self.age = 0;
            }
            Answer::Same => {
                assert_eq!(text(&reply.json(), "refresh_token"), self.tokens[self.newest()]);
                let line = self.app.lines.of("auth-api").pop().unwrap();
                assert_eq!((line.round_trips, line.write_units), (1, 0.0), "nothing new is minted");
            }
            Answer::Over => {
                assert_eq!(reply.status, 401, "{who:?}: {}", String::from_utf8_lossy(&reply.bytes));
                self.over = true;
            }
        }
        if expected != Answer::Over && !lost {
            self.held[who as usize] = self.newest();
        }
        expected
    }

    /// Refreshes in two tabs at once, which share their stored token.
    async fn refresh_tabs(&mut self) {
        let token = self.held[Holder::Owner as usize];
        let expected = self.expected(token);
        let body = json!({ "refresh_token": self.tokens[token] });
        let post = || Box::pin(self.app.post("/api/v1/auth/refresh", body.clone()));
        let (one, other) = join(post(), post()).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        if expected == Answer::Over {
            self.over = true;
            assert_eq!(statuses, [401, 401]);
            return;
        }
        assert_eq!(statuses, [200, 200]);
        let newest = text(&one.json(), "refresh_token").to_owned();
        assert_eq!(newest, text(&other.json(), "refresh_token"));
        if expected == Answer::Next {
            // Also for two late requests: concurrent ones count as one that the SDK
            // retries.
            self.grace_used = token != self.newest();
            self.tokens.push(newest);
            self.age = 0;
        }
        self.held[Holder::Owner as usize] = self.newest();
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Wait(seconds) => self.wait(seconds),
            Step::Refresh { who, lost } => drop(self.refresh(who, lost).await),
            Step::Tabs => self.refresh_tabs().await,
            Step::Steal => self.held[Holder::Thief as usize] = self.held[Holder::Owner as usize],
        }
    }
}

/// Number of values for each property.
const CASES: u32 = 32;

/// Registers the account of the sessions.
async fn prepare(app: &App) {
    app.register().await;
}

#[test]
fn a_token_gives_the_next_or_the_newest_or_ends_the_session() {
    property(CASES, vec(step(), 1..20), prepare, async |app, (), steps| {
        let mut world = World::new(app).await;
        for step in steps {
            world.take(step).await;
        }
    });
}

#[test]
fn an_owner_alone_stays_signed_in_with_lost_answers_and_two_tabs() {
    // After a lost answer the owner retries, soon or late.
    let visit = (0..100_u64, option::of(0..100_u64), any::<bool>());
    property(CASES, vec(visit, 1..12), prepare, async |app, (), visits| {
        let mut world = World::new(app).await;
        for (seconds, lost, tabs) in visits {
            world.wait(seconds);
            if let Some(again_after) = lost {
                world.refresh(Holder::Owner, true).await;
                world.wait(again_after);
                world.refresh(Holder::Owner, false).await;
            } else if tabs {
                world.refresh_tabs().await;
            } else {
                world.refresh(Holder::Owner, false).await;
            }
            assert!(!world.over);
        }
    });
}

#[test]
fn a_thief_who_takes_turns_with_the_owner_has_one_turn() {
    let turns = vec(WINDOW + 1..86_400, 3);
    let strategy = (vec((0..100_u64, any::<bool>()), 0..6), any::<bool>(), turns);
    property(CASES, strategy, prepare, async |app, (), (before, thief_first, turns)| {
        let mut world = World::new(app).await;
        for (seconds, lost) in before {
            world.wait(seconds);
            if lost {
                world.refresh(Holder::Owner, true).await;
            }
            world.refresh(Holder::Owner, false).await;
        }
        world.take(Step::Steal).await;
        let (first, second) =
            if thief_first { (Holder::Thief, Holder::Owner) } else { (Holder::Owner, Holder::Thief) };
        let mut stolen = 0;
        for (who, seconds) in [first, second, first].into_iter().zip(turns) {
            world.wait(seconds);
            let answer = world.refresh(who, false).await;
            stolen += usize::from(who == Holder::Thief && answer != Answer::Over);
        }
        assert!(world.over, "the third turn ends the session");
        assert!(stolen <= 1, "{stolen} turns of the thief's");
        for token in world.tokens.clone() {
            let body = json!({ "refresh_token": token });
            assert_eq!(app.post("/api/v1/auth/refresh", body).await.status, 401);
        }
    });
}

#[test]
fn after_grace_there_is_no_window() {
    property(CASES, (WINDOW..86_400, 0..2 * WINDOW), prepare, async |app, (), (late, soon)| {
        let mut world = World::new(app).await;
        world.refresh(Holder::Owner, true).await;
        world.wait(late);
        assert_eq!(world.refresh(Holder::Owner, true).await, Answer::Next);
        world.wait(soon);
        world.held = [1, 1];
        assert_eq!(world.refresh(Holder::Owner, false).await, Answer::Over);
    });
}
