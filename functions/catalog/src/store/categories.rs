//! Categories, each written with what happens to the tree.

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

/// Why a category is not written.
#[derive(Debug)]
pub enum CategoryRefusal {
    /// The request has been made before.
    Repeated,
    /// Somebody else has written it, or changed the tree, meanwhile.
    Overtaken,
    /// It has products.
    HasProducts,
}

impl Store {
    /// The category, if there is one.
    pub async fn get_category(
        &self,
        operation: &'static Operation,
        id: CategoryId,
    ) -> Result<Option<Stored<Category>>, Failure> {
        self.table.operation(operation).get(schema::category(id)).await
    }

    /// Makes a category and announces it; with a record, once.
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

    /// Writes a category anew, which has changed or moved, and announces it.
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

    /// Deletes a category and announces it: one that has no product, or any.
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

/// A category takes no product any more.
pub fn close(id: CategoryId) -> Update {
    Update::set(Expression::new("#closed = :true, #category_id = :id").boolean(":true", true).text(":id", id))
}
