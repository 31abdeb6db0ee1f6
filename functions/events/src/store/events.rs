//! Reads and writes of events.

use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use shared::{
    Failure, Refused,
    bus::DomainEvent,
    clock::Timestamp,
    http::IdempotencyRecord,
    id::{EventId, UserId},
    identity::PublicProfile,
    membership::OrganizationCheck,
    table::{
        Condition, Consistency, Transaction,
        item::{Entity as _, Stored, Tombstone},
        schema,
    },
    text::Slug,
};

use super::Store;
use crate::{
    event::{Event, EventSlugClaim},
    operations::{
        CREATE_EVENT, DELETE_EVENT, FIND_EVENT, GET_EVENT, GET_EVENTS, PUBLISH_EVENT, REPLACE_EVENT,
    },
};

/// Events in one read of a feed.
const READS: usize = 100;

/// Reads of a feed at the same time.
const READS_AT_ONCE: usize = 4;

/// Lifetime of a deleted event's tombstone: longer than the bus's archive and the
/// dead-letter queues keep events.
const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Reason for a refused write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteRefusal {
    /// The request is a repeated one.
    Repeated,
    /// The event, or the permission of the writer, has changed since it was read: read and
    /// judge again.
    Outdated,
    /// Another event has the slug.
    SlugTaken,
}

/// Conditions and events of a write.
#[derive(Debug, Clone)]
pub(crate) struct Writing {
    /// Conditions of the organisations that the writer acts for: two in a hand-over.
    pub(crate) checks: Vec<OrganizationCheck>,
    /// Account that becomes the creator or the organizer: it must exist.
    pub(crate) account: Option<UserId>,
    /// Published events.
    pub(crate) events: Vec<DomainEvent>,
}

impl Store {
    /// The event, if there is one.
    pub(crate) async fn get_event(&self, id: EventId) -> Result<Option<Stored<Event>>, Failure> {
        self.table.operation(&GET_EVENT).get(schema::event(id)).await
    }

    /// The events of a feed, in the order of the ids; deleted ones are missing.
    pub(crate) async fn get_events(&self, ids: &[EventId]) -> Result<Vec<Stored<Event>>, Failure> {
        let pages: Vec<Vec<EventId>> = ids.chunks(READS).map(<[EventId]>::to_vec).collect();
        let pages = pages.into_iter().map(|ids| async move {
            let keys = ids.iter().map(|id| schema::event(*id));
            let mut found = self.table.operation(&GET_EVENTS).get_many(keys, Consistency::Eventual).await?;
            let events = ids.iter().map(|id| found.take(schema::event(*id)));
            events.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()
        });
        let pages: Vec<_> = stream::iter(pages).buffered(READS_AT_ONCE).try_collect().await?;
        Ok(pages.into_iter().flatten().collect())
    }

    /// The event of a slug.
    pub(crate) async fn find_by_slug(&self, slug: &Slug) -> Result<Option<EventId>, Failure> {
        let claim: Option<Stored<EventSlugClaim>> =
            self.table.operation(&FIND_EVENT).get(schema::event_slug(slug)).await?;
        Ok(claim.map(|claim| claim.entity.event_id))
    }

    /// Creates an event; with a record, once.
    pub(crate) async fn create_event(
        &self,
        event: &Event,
        record: Option<&IdempotencyRecord>,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        let mut transaction = self.table.operation(&CREATE_EVENT).transaction();
        if let Some(record) = record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(WriteRefusal::Repeated);
        }
        let transaction = transaction.put_new_with(event, writing.events);
        with_checks(transaction, writing.account, writing.checks).commit().await
    }

    /// Replaces an event, whose card is made of `after`.
    pub(crate) async fn replace_event(
        &self,
        before: &Stored<Event>,
        after: &Event,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        self.put_event(before, &after.with_card(), writing).await
    }

    /// Sets the time at which the sweeper looks at an event again.
    pub(crate) async fn put_due_at(
        &self,
        before: &Stored<Event>,
        due_at: Option<Timestamp>,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        // Not that of `with_card`, which counts from the last change.
        self.put_event(before, &Event { due_at, ..before.entity.clone() }, writing).await
    }

    /// Replaces an event by `after` as it is.
    async fn put_event(
        &self,
        before: &Stored<Event>,
        after: &Event,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        let transaction = self
            .table
            .operation(&REPLACE_EVENT)
            .transaction()
            .put(after, Condition::Version(before.version), writing.events)
            .or(WriteRefusal::Outdated);
        with_checks(transaction, writing.account, writing.checks).commit().await
    }

    /// Publishes an event for the first time, under its slug, which is claimed.
    pub(crate) async fn publish_event(
        &self,
        before: &Stored<Event>,
        after: &Event,
        slug: Slug,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        let claim = EventSlugClaim { slug, event_id: after.id };
        let transaction = self
            .table
            .operation(&PUBLISH_EVENT)
            .transaction()
            .put_new(&claim)
            .or(WriteRefusal::SlugTaken)
            .put(&after.with_card(), Condition::Version(before.version), writing.events)
            .or(WriteRefusal::Outdated);
        with_checks(transaction, writing.account, writing.checks).commit().await
    }

    /// Deletes an event and frees its slug.
    pub(crate) async fn delete_event(
        &self,
        before: &Stored<Event>,
        now: Timestamp,
        writing: Writing,
    ) -> Result<(), Refused<WriteRefusal>> {
        let tombstone = Tombstone::new(before.entity.key(), now, TOMBSTONE_LIFETIME);
        let mut transaction = self
            .table
            .operation(&DELETE_EVENT)
            .transaction()
            .put(&tombstone, Condition::Version(before.version), writing.events)
            .or(WriteRefusal::Outdated);
        // A slug is claimed by the first publication.
        let slug = before.entity.details.slug.as_ref().filter(|_| before.entity.published_at.is_some());
        if let Some(slug) = slug {
            transaction = transaction.remove(schema::event_slug(slug), Condition::Any);
        }
        with_checks(transaction, writing.account, writing.checks).commit().await
    }
}

/// Adds the conditions of the writer.
fn with_checks(
    mut transaction: Transaction<'_, WriteRefusal>,
    account: Option<UserId>,
    checks: Vec<OrganizationCheck>,
) -> Transaction<'_, WriteRefusal> {
    if let Some(account) = account {
        let exists = PublicProfile::exists();
        transaction = transaction.check(schema::public_profile(account), exists).or(WriteRefusal::Outdated);
    }
    checks
        .into_iter()
        .fold(transaction, |transaction, check| check.add(transaction, || WriteRefusal::Outdated))
}
