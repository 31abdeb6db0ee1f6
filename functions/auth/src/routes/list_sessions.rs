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

/// Sessions that are listed: all that an account may have.
pub(super) const LIMIT: usize = 100;

/// The devices that are signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// The newest first.
    data: Vec<SessionView>,
}

/// A signed-in device.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    id: SessionId,
    /// What the device says that it is.
    #[schema(examples("Mozilla/5.0 (X11; Linux x86_64)"))]
    user_agent: Option<String>,
    /// The network address that it signed in from.
    #[schema(value_type = Option<String>, examples("192.0.2.1"))]
    address: Option<IpAddr>,
    created_at: Timestamp,
    /// When it last got new tokens.
    last_used_at: Timestamp,
    /// When it ends if it gets no new tokens before.
    ends_at: Timestamp,
    /// Whether it is the one that asks.
    #[schema(examples(true))]
    current: bool,
}

/// The devices that are signed in
///
/// The caller's sessions, the newest first, a hundred at most.
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

/// The caller's sessions that have not ended.
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
