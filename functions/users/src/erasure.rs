//! Erasure of a deleted account's data in this group: sessions with their network
//! addresses and devices, and exports.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::batch::Delivery,
    clock::Timestamp,
    id::{SessionId, UserId},
    table::{Query, Table, schema, schema::Key},
    walk::{CONCURRENCY, PAGE, Page, Walker},
};

use crate::operations::{LIST_LEFT, REMOVE_LEFT};

/// Position of the walk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    /// After a session.
    Session(String),
    /// After an item of an export; `None`: before the first.
    Export(Option<String>),
}

/// Erases all items of a deleted account.
pub(crate) async fn erase(
    table: &Table,
    walker: &Walker,
    delivery: &Delivery,
    user: UserId,
) -> Result<(), Failure> {
    let list = |after| list(table, user, after);
    let remove = |key: Key| async move { table.operation(&REMOVE_LEFT).remove(key).await };
    // Nothing follows the last item.
    walker.walk(delivery, CONCURRENCY, list, remove).await.map(|_| ())
}

async fn list(table: &Table, user: UserId, after: Option<Place>) -> Result<Page<Key, Place>, Failure> {
    let (first, after) = match after {
        Some(Place::Export(after)) => return exports(table, user, after).await,
        Some(Place::Session(after)) => (schema::session(user, earliest()), Some(after)),
        None => (schema::session(user, earliest()), None),
    };
    let query = Query::table(first).after(after).limit(PAGE);
    let sessions = table.operation(&LIST_LEFT).list_keys(query).await?;
    let page = Page::of(sessions, PAGE, |last| Place::Session(last.sk.clone()));
    Ok(Page { next: page.next.or(Some(Place::Export(None))), ..page })
}

async fn exports(table: &Table, user: UserId, after: Option<String>) -> Result<Page<Key, Place>, Failure> {
    if after.is_none() {
        // Before the parts are listed: a group that is writing parts then finds no job and
        // removes them. Parts that were written before are in the list.
        table.operation(&REMOVE_LEFT).remove(schema::export_job(user)).await?;
    }
    let query = Query::table(schema::export_job(user)).after(after).limit(PAGE);
    let items = table.operation(&LIST_LEFT).list_keys(query).await?;
    Ok(Page::of(items, PAGE, |last| Place::Export(Some(last.sk.clone()))))
}

fn earliest() -> SessionId {
    SessionId::earliest(Timestamp::from_millis(0))
}
