//! `GET /api/v1/auth/sessions`

use std::net::IpAddr;

use axum::extract::State;
use serde::Serialize;
use shared::{
    Failure,
    clock::Timestamp,
    http::{InvalidCursor, List, Page, Paging, Reply},
    id::SessionId,
    identity::{Caller, Session},
};
use utoipa::ToSchema;

use crate::state::Auth;

/// Number of sessions in a read.
const CONCURRENCY: usize = 100;

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

shared::problems! {
    /// Errors of listing sessions.
    pub enum ListSessionsError {
        Cursor(InvalidCursor),
    }
}

/// List sessions
///
/// Lists the signed-in devices of the caller, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    params(Paging),
    security(("bearer" = [])),
    responses(Reply<Page<SessionView>>, ListSessionsError),
)]
pub async fn list_sessions(
    State(auth): State<Auth>,
    caller: Caller,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Page<SessionView>>, ListSessionsError> {
    let reader = Some(caller.user_id);
    let before: Option<SessionId> = paging.after(reader)?;
    let found = live(&auth, &caller, before, paging.to_read()).await?;
    let page = paging.page(reader, found, |session: &Session| session.id)?;
    Ok(Reply(page.map(|session| view(session, caller.session_id))))
}

/// Lists up to `limit` of the caller's valid sessions before a session.
async fn live(
    auth: &Auth,
    caller: &Caller,
    mut before: Option<SessionId>,
    limit: usize,
) -> Result<Vec<Session>, Failure> {
    let now = auth.context.clock.now();
    let user = auth.store.get_user(caller.user_id).await?;
    let generation = user.map(|user| user.entity.generation);
    let mut found = Vec::new();
    loop {
        let sessions = auth.store.list_sessions(caller.user_id, before, CONCURRENCY).await?;
        let is_last = sessions.len() < CONCURRENCY;
        before = sessions.last().map(|session| session.id);
        found.extend(
            sessions
                .into_iter()
                .filter(|session| Some(session.generation) == generation && now < session.ends_at),
        );
        if is_last || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
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
