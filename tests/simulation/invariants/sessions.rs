//! Invariants of sessions: in the table, each is active or has ended.

use std::collections::BTreeMap;

use serde_json::json;
use shared::{
    identity::{Session, User},
    vocabulary::Status,
};
use tokio::time::Instant;

use super::{
    super::{
        client::Ask,
        ledger::counter,
        platform::{INSTANCES, Platform},
    },
    Aftermath, Faults,
};

/// A caller's tokens of a session, and the session itself if it is active.
struct Known {
    id: String,
    access: Vec<String>,
    newest: String,
    living: Option<Session>,
}

fn known(aftermath: &Aftermath<'_>) -> Vec<Known> {
    let users = aftermath.entities::<User>("user");
    let users: BTreeMap<_, _> = users.into_values().map(|user| (user.id, user)).collect();
    let sessions = aftermath.entities::<Session>("session");
    let sessions: BTreeMap<_, _> =
        sessions.into_values().map(|session| (session.id.to_string(), session)).collect();
    let lives = |session: &&Session| {
        users
            .get(&session.user_id)
            .is_some_and(|user| user.status == Status::Active && user.generation == session.generation)
    };
    let ledger = aftermath.platform.ledger();
    let now = Instant::now();
    let known = ledger.sessions.iter().map(|session| Known {
        id: session.id.clone(),
        access: session.access.iter().filter(|(_, end)| *end > now).map(|(token, _)| token.clone()).collect(),
        newest: session.newest().to_owned(),
        living: sessions.get(&session.id).filter(lives).cloned(),
    });
    known.collect()
}

async fn look(platform: &Platform, path: &str, token: &str, instance: usize) -> u16 {
    Ask::get(path).token(token).ask(platform, instance, None).await.unwrap().status
}

async fn refresh(platform: &Platform, token: &str) -> (u16, String) {
    let body = json!({ "refresh_token": token });
    let answer = Ask::post("/api/v1/auth/refresh", body).ask(platform, 0, None).await.unwrap();
    (answer.status, answer.code().to_owned())
}

/// Five seconds after a session's end, a reuse of its token or a new generation of
/// its account, no instance accepts a token of it.
pub async fn nothing_of_an_ended_session_works(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Faults::new();
    for session in known(aftermath).iter().filter(|session| session.living.is_none()) {
        for token in &session.access {
            for (path, instance) in ["/api/v1/auth/me", "/api/v1/users/me"]
                .iter()
                .flat_map(|path| (0..INSTANCES).map(move |instance| (path, instance)))
            {
                let status = look(aftermath.platform, path, token, instance).await;
                if status != 401 {
                    faults.push(format!("{path} of instance {instance} answers {status} to {}", session.id));
                }
            }
        }
        let (status, _) = refresh(aftermath.platform, &session.newest).await;
        if status != 401 {
            faults.push(format!("{} was refreshed: {status}", session.id));
        }
    }
    faults
}

/// An active session's newest access token works, and its newest refresh token, or
/// the previous one if the newest got lost.
pub async fn living_sessions_work_and_refresh(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Faults::new();
    for session in known(aftermath) {
        let Some(living) = session.living else { continue };
        if let Some(token) = session.access.last() {
            let status = look(aftermath.platform, "/api/v1/auth/me", token, 0).await;
            if status != 200 {
                faults.push(format!("me answers {status} to {}", session.id));
            }
        }
        let behind = living.counter - counter(&session.newest);
        let wanted = behind == 0 || (behind == 1 && !living.grace_used);
        let (status, code) = refresh(aftermath.platform, &session.newest).await;
        if (status == 200) != wanted {
            faults.push(format!("refresh answers {status} {code} to {}, {behind} behind", session.id));
        }
    }
    faults
}
