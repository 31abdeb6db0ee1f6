//! `GET /api/v1/auth/sessions`

use std::net::IpAddr;

use axum::extract::State;
use serde::Serialize;
use shared::{
    Failure,
    clock::Timestamp,
    http::{Problem, Reply},
    id::SessionId,
    identity::{Caller, Session},
};
use utoipa::ToSchema;

use crate::state::Auth;

/// Maximum number of sessions of an account: all of them are listed.
pub(super) const LIMIT: usize = 100;

/// Sessions of an account.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// Sessions, the newest first.
    data: Vec<SessionView>,
}

/// A session of a signed-in device.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    id: SessionId,
    /// User agent that the device sent at sign-in.
    #[schema(examples("Mozilla/5.0 (X11; Linux x86_64)"))]
    user_agent: Option<String>,
    /// IP address of the sign-in.
    #[schema(value_type = Option<String>, examples("192.0.2.1"))]
    address: Option<IpAddr>,
    created_at: Timestamp,
    /// Time of the last refresh or sign-in.
    last_used_at: Timestamp,
    /// Expiry time, unless the tokens are refreshed before.
    ends_at: Timestamp,
    /// True for the session that makes this request.
    #[schema(examples(true))]
    current: bool,
}

/// List sessions
///
/// Lists the caller's active sessions, the newest first, 100 at most.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    security(("bearer" = [])),
    responses(Reply<SessionList>),
)]
pub async fn list_sessions(State(auth): State<Auth>, caller: Caller) -> Result<Reply<SessionList>, Problem> {
    let now = auth.context.clock.now();
    let sessions = live(&auth, &caller, now).await?;
    let data = sessions.into_iter().map(|session| view(session, caller.session_id)).collect();
    Ok(Reply(SessionList { data }))
}

/// Active sessions of the caller.
async fn live(auth: &Auth, caller: &Caller, now: Timestamp) -> Result<Vec<Session>, Failure> {
    let user = auth.store.get_user(caller.user_id).await?;
    let generation = user.map(|user| user.entity.generation);
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let sessions = auth.store.list_sessions(caller.user_id, before, LIMIT).await?;
        let last = sessions.last().map(|session| session.id);
        let whole = sessions.len() < LIMIT;
        found.extend(sessions.into_iter().filter(|session| {
            Some(session.id) != before && Some(session.generation) == generation && now < session.ends_at
        }));
        if whole || last == before || found.len() >= LIMIT {
            found.truncate(LIMIT);
            return Ok(found);
        }
        before = last;
    }
}

fn view(session: Session, current: SessionId) -> SessionView {
    SessionView {
        id: session.id,
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.id.created_at(),
        last_used_at: session.used_at,
        ends_at: session.ends_at,
        current: session.id == current,
    }
}
