//! Table access of the group, without lists ([`crate::lists`]), the tree
//! ([`crate::tree`]) and imports ([`crate::imports`]).

mod categories;
mod claims_and_rows;
mod products;
mod seller_count;

use std::time::Duration;

use shared::{
    Failure, Refused,
    http::{IdempotencyRecord, KeptReply, KeyReused},
    id::{OrganizationId, UserId},
    membership::{OrganizationCounters, Standing},
    table::Table,
    vocabulary::{Open, OrganizationStatus},
};

pub use self::{
    categories::{CategoryRefusal, close},
    claims_and_rows::{SkuClaim, SlugClaim},
    products::{Beside, ProductRefusal},
    seller_count::SellerCount,
};
use crate::operations;

/// Lifetime of tombstones: longer than that of the bus' archive and the dead letters.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Access to the group's items.
#[derive(Debug, Clone)]
pub struct Store {
    table: Table,
}

impl Store {
    /// Store in `table`.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The table, for lists and imports.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Reads the standing of an account in an organisation.
    pub async fn get_standing(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Standing, Failure> {
        Standing::read(self.table.operation(&operations::GET_STANDING), organization, user).await
    }

    /// Reads the status of an organisation; `None` for a deleted one.
    pub async fn get_organization_status(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Open<OrganizationStatus>>, Failure> {
        let access = self.table.operation(&operations::GET_ORGANIZATION_STATUS);
        OrganizationCounters::read_status(access, organization).await
    }

    /// The reply of the first request of a record's key, and the id that it created.
    pub async fn first_reply<T>(
        &self,
        record: Option<&IdempotencyRecord>,
    ) -> Result<Option<(String, KeptReply<T>)>, Refused<KeyReused>> {
        let access = self.table.operation(&operations::GET_IDEMPOTENCY_RECORD);
        let Some(first) = IdempotencyRecord::first(record, access).await? else { return Ok(None) };
        let id = first.resource().to_owned();
        let reply = first.reply()?.ok_or_else(|| Failure::unavailable("the first reply was not kept"))?;
        Ok(Some((id, reply)))
    }
}
