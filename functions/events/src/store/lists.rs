//! Lists of events.

use shared::{
    Failure,
    clock::Timestamp,
    id::{EventId, UserId},
    organizer::Organizer,
    table::{
        Listed, Query,
        schema::{self, EVENT_DUE_SHARDS},
        units::Operation,
    },
    vocabulary::{EventStatus, Open},
};

use super::Store;
use crate::{
    event::EventCard,
    operations::{LIST_DUE_EVENTS, LIST_EVENTS},
};

/// An event in a list.
#[derive(Debug, Clone)]
pub(crate) struct ListedEvent {
    pub(crate) id: EventId,
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) card: EventCard,
}

/// The least id.
fn first() -> EventId {
    EventId::earliest(Timestamp::from_millis(0))
}

impl Store {
    /// Lists up to `limit` events of an organizer with one of the statuses, the newest first,
    /// after the sort key `after`.
    pub(crate) async fn list_events_of(
        &self,
        organizer: &Organizer,
        statuses: &[EventStatus],
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedEvent>, Failure> {
        let statuses = statuses.iter().map(|status| Open::from(*status));
        let keys = statuses.map(|status| schema::events_of(organizer, &status, first()));
        self.list(Query::merged(keys).descending(true).after(after).limit(limit)).await
    }

    /// Lists up to `limit` events of a status, the newest first, after the sort key `after`.
    pub(crate) async fn list_events_by_status(
        &self,
        status: EventStatus,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedEvent>, Failure> {
        let key = schema::events_by_status(&status.into(), first());
        self.list(Query::index(key).descending(true).after(after).limit(limit)).await
    }

    /// Lists up to `limit` events that an account has created, after the sort key `after`.
    pub(crate) async fn list_events_made_by(
        &self,
        user: UserId,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedEvent>, Failure> {
        self.list(Query::index(schema::event_made_by(user, first())).after(after).limit(limit)).await
    }

    /// Lists up to `limit` events of a shard that are due at `now`, after the sort key
    /// `after`.
    pub(crate) async fn list_due_events(
        &self,
        shard: u8,
        now: Timestamp,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedEvent>, Failure> {
        let query = Query::index(schema::events_by_due(shard % EVENT_DUE_SHARDS, now, first()));
        self.list_by(&LIST_DUE_EVENTS, query.to(format!("{now}{}", char::MAX)).after(after).limit(limit))
            .await
    }

    async fn list(&self, query: Query) -> Result<Vec<ListedEvent>, Failure> {
        self.list_by(&LIST_EVENTS, query).await
    }

    async fn list_by(
        &self,
        operation: &'static Operation,
        query: Query,
    ) -> Result<Vec<ListedEvent>, Failure> {
        let access = self.table.operation_on(operation, query.partitions());
        let found: Vec<Listed<EventCard>> = access.list_cards(query).await?;
        found
            .into_iter()
            .map(|listed| Ok(ListedEvent { id: listed.id()?, sort: listed.sort, card: listed.card }))
            .collect()
    }
}
