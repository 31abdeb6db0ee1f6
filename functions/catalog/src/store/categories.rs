//! Categories, each written with its change of the tree.

use shared::{
    Failure, Refused,
    bus::{DomainEvent, events::CategoryDeleted},
    clock::Timestamp,
    http::IdempotencyRecord,
    id::CategoryId,
    table::{
        Condition, Expression, Update,
        item::{Stored, Tombstone},
        schema,
        units::Operation,
    },
};

use super::{Store, TOMBSTONE_LIFETIME};
use crate::{
    category::{Category, CategoryCount},
    operations,
    tree::TreeLogEntry,
};

/// Reason for a refused write of a category.
#[derive(Debug)]
pub enum CategoryRefusal {
    /// The request is a repeated one.
    Repeated,
    /// A concurrent writer has changed the category or the tree.
    Overtaken,
    /// The category has products.
    HasProducts,
}

impl Store {
    /// Reads the category, if there is one.
    pub async fn get_category(
        &self,
        operation: &'static Operation,
        id: CategoryId,
    ) -> Result<Option<Stored<Category>>, Failure> {
        self.table.operation(operation).get(schema::category(id)).await
    }

    /// Creates a category and publishes the event; with a record, once.
    pub async fn create_category(
        &self,
        category: &Category,
        event: DomainEvent,
        entry: &TreeLogEntry,
        record: Option<&IdempotencyRecord>,
    ) -> Result<(), Refused<CategoryRefusal>> {
        let mut transaction = self.table.operation(&operations::CREATE_CATEGORY).transaction();
        if let Some(record) = record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(CategoryRefusal::Repeated);
        }
        let transaction = transaction.put_new(entry).or(CategoryRefusal::Overtaken);
        transaction.put_new_with(category, vec![event]).commit().await
    }

    /// Replaces a changed or moved category and publishes the event.
    pub async fn change_category(
        &self,
        before: &Stored<Category>,
        after: &Category,
        event: DomainEvent,
        entry: &TreeLogEntry,
    ) -> Result<(), Refused<CategoryRefusal>> {
        let transaction = self.table.operation(&operations::CHANGE_CATEGORY).transaction();
        let transaction = transaction.put_new(entry).or(CategoryRefusal::Overtaken);
        let condition = Condition::Version(before.version);
        transaction.put(after, condition, vec![event]).or(CategoryRefusal::Overtaken).commit().await
    }

    /// Deletes a category and publishes the event; with `only_empty`, one without
    /// products only.
    pub async fn delete_category(
        &self,
        before: &Stored<Category>,
        deleted: CategoryDeleted,
        only_empty: bool,
        entry: &TreeLogEntry,
        now: Timestamp,
    ) -> Result<(), Refused<CategoryRefusal>> {
        let id = deleted.category_id;
        let tombstone = Tombstone::new(schema::category(id), now, TOMBSTONE_LIFETIME);
        let transaction = self.table.operation(&operations::DELETE_CATEGORY).transaction();
        let transaction = transaction.put_new(entry).or(CategoryRefusal::Overtaken);
        let transaction = transaction
            .put(&tombstone, Condition::Version(before.version), vec![DomainEvent::CategoryDeleted(deleted)])
            .or(CategoryRefusal::Overtaken);
        let mut close = close(id);
        if only_empty {
            let none = Expression::new("attribute_not_exists(#products) OR #products = :none");
            close = close.when(none.number(":none", 0));
        }
        let transaction = transaction.update::<CategoryCount>(schema::category_count(id), close);
        transaction.or(CategoryRefusal::HasProducts).commit().await
    }
}

/// Closes the count of a category to new products.
pub fn close(id: CategoryId) -> Update {
    Update::set(Expression::new("#closed = :true, #category_id = :id").boolean(":true", true).text(":id", id))
}
