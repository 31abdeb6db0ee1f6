//! Table operations of the group.

mod agenda;
mod events;
mod lists;
mod organizers;

use shared::{
    Failure, Refused,
    http::{IdempotencyRecord, KeyReused},
    id::{OrganizationId, UserId},
    journal::{SnapshotHead, SnapshotPart},
    membership::{OrganizationCounters, Standing},
    table::{
        Condition, Table,
        item::{Reader, Stored},
        schema,
    },
    vocabulary::{Open, OrganizationStatus},
};

pub(crate) use self::{
    events::{WriteRefusal, Writing},
    lists::ListedEvent,
};
use crate::{
    agenda::{Agenda, AgendaLogEntry},
    categories::EventCategories,
    event::{Event, EventSlugClaim},
    operations::{
        GET_CATEGORIES, GET_IDEMPOTENCY_RECORD, GET_ORGANIZATION_STATUS, GET_STANDING, PUT_CATEGORIES,
    },
};

/// Entities of the group.
pub const ENTITIES: &[Reader] = &[
    Reader::of::<Event>(),
    Reader::of::<EventSlugClaim>(),
    Reader::of::<EventCategories>(),
    Reader::of::<AgendaLogEntry>(),
    Reader::of::<SnapshotHead<Agenda>>(),
    Reader::of::<SnapshotPart<Agenda>>(),
];

/// Access to the group's items.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

impl Store {
    /// Store in `table`.
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// The standing of an account in an organisation.
    pub(crate) async fn get_standing(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Standing, Failure> {
        Standing::read(self.table.operation(&GET_STANDING), organization, user).await
    }

    /// The present status of an organisation; `None` for a deleted one.
    pub(crate) async fn get_organization_status(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Open<OrganizationStatus>>, Failure> {
        OrganizationCounters::read_status(self.table.operation(&GET_ORGANIZATION_STATUS), organization).await
    }

    /// The record of the first request of a record's key.
    pub(crate) async fn first_request(
        &self,
        record: Option<&IdempotencyRecord>,
    ) -> Result<Option<IdempotencyRecord>, Refused<KeyReused>> {
        IdempotencyRecord::first(record, self.table.operation(&GET_IDEMPOTENCY_RECORD)).await
    }

    /// The list of categories, and its version; version 0 is the list of new platforms.
    pub(crate) async fn get_categories(&self) -> Result<Stored<EventCategories>, Failure> {
        let stored = self.table.operation(&GET_CATEGORIES).get(schema::event_categories()).await?;
        Ok(stored.unwrap_or_else(|| Stored { entity: EventCategories::initial(), version: 0 }))
    }

    /// Replaces the list of categories, of which `before` was read.
    pub(crate) async fn put_categories(
        &self,
        before: &Stored<EventCategories>,
        after: &EventCategories,
    ) -> Result<bool, Failure> {
        let condition = if before.version == 0 { Condition::New } else { Condition::Version(before.version) };
        let written = self.table.operation(&PUT_CATEGORIES).put(after, condition, Vec::new()).await;
        match written {
            Ok(()) => Ok(true),
            Err(Refused::By(_)) => Ok(false),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }
}
