//! How the group uses the table, but for lists ([`crate::lists`]), the tree
//! ([`crate::tree`]) and imports ([`crate::imports`]).

mod around;
mod categories;
mod products;

use std::time::Duration;

use shared::{
    Failure,
    http::IdempotencyRecord,
    table::{Table, item::Entity as _},
};

pub use self::{
    around::{SkuClaim, SlugClaim},
    categories::{CategoryRefusal, close},
    products::{Beside, ProductRefusal},
};
use crate::operations;

/// What is deleted leaves a tombstone that outlives the bus' archive and the dead
/// letters.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// The table in the hands of the group.
#[derive(Debug, Clone)]
pub struct Store {
    table: Table,
}

impl Store {
    /// The store in `table`.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The table, for lists and imports.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether a request has made something that comes again.
    pub async fn was_made(&self, record: Option<&IdempotencyRecord>) -> Result<bool, Failure> {
        let Some(record) = record else { return Ok(false) };
        Ok(self.get_idempotency_record(record).await?.is_some())
    }

    /// What a repeated request has made before.
    pub async fn get_idempotency_record(
        &self,
        repeated: &IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, Failure> {
        let stored = self.table.operation(&operations::GET_IDEMPOTENCY_RECORD).get(repeated.key()).await?;
        Ok(stored.map(|stored| stored.entity))
    }
}
