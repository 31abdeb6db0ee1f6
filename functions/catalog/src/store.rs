//! How the group uses the table, but for lists ([`crate::lists`]), the tree
//! ([`crate::tree`]) and imports ([`crate::imports`]).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::{
        DomainEvent,
        events::{CategoryDeleted, ProductCreated, ProductDeleted, ProductStatus, ProductUpdated},
    },
    clock::Timestamp,
    http::IdempotencyRecord,
    id::{CategoryId, ProductId},
    table::{
        Condition, Expression, Table, Transaction, Update,
        item::{Entity, Stored, Tombstone},
        schema::{self, Key},
        units::Operation,
    },
    text::{Sku, Slug},
};

use crate::{
    category::{Category, CategoryCount},
    operations,
    product::Product,
    rows,
    tree::TreeLogEntry,
};

/// What is deleted leaves a tombstone that outlives the bus' archive and the dead
/// letters.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// DynamoDB takes so many writes together.
const TRANSACTION_WRITES: usize = 100;

/// Why a product is not written.
#[derive(Debug)]
pub enum ProductRefusal {
    /// The request has been made before.
    Repeated,
    /// Another product has one of the SKUs.
    SkuTaken,
    /// Another product has the slug.
    SlugTaken,
    /// Somebody else has written it meanwhile.
    Outdated,
    /// Somebody else has changed the tree meanwhile.
    Overtaken,
    /// It is more than can be written at once.
    TooMuch,
    /// Nobody's fault.
    Failed(Failure),
}

impl From<Failure> for ProductRefusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Why a category is not written.
#[derive(Debug)]
pub enum CategoryRefusal {
    /// The request has been made before.
    Repeated,
    /// Somebody else has written it, or changed the tree, meanwhile.
    Overtaken,
    /// It has products.
    HasProducts,
    /// Nobody's fault.
    Failed(Failure),
}

impl From<Failure> for CategoryRefusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// That a SKU is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SkuClaim {
    sku: Sku,
    product_id: ProductId,
}

impl Entity for SkuClaim {
    const TYPE: &'static str = "sku";

    fn key(&self) -> Key {
        schema::sku(&self.sku)
    }
}

/// That a slug is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SlugClaim {
    slug: Slug,
    product_id: ProductId,
}

impl Entity for SlugClaim {
    const TYPE: &'static str = "product_slug";

    fn key(&self) -> Key {
        schema::product_slug(&self.slug)
    }
}

/// What commits together with a product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// That a category has its first product.
    pub entry: Option<&'a TreeLogEntry>,
    /// What makes the request safe to repeat.
    pub record: Option<&'a IdempotencyRecord>,
}

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

    /// The product, if there is one.
    pub async fn get_product(&self, id: ProductId) -> Result<Option<Stored<Product>>, Failure> {
        self.table.operation(&operations::GET_PRODUCT).get(schema::product(id)).await
    }

    /// Whose SKU it is.
    pub async fn find_by_sku(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SkuClaim>> =
            self.table.operation(&operations::GET_SKU).get(schema::sku(sku)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Whose slug it is.
    pub async fn find_by_slug(&self, slug: &Slug) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SlugClaim>> =
            self.table.operation(&operations::GET_SLUG).get(schema::product_slug(slug)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Makes a product and announces it; with a record, once.
    pub async fn create_product(&self, product: &Product, beside: Beside<'_>) -> Result<(), ProductRefusal> {
        let mut transaction = self.table.operation(&operations::CREATE_PRODUCT).transaction();
        if let Some(record) = beside.record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(ProductRefusal::Repeated);
        }
        let created = DomainEvent::ProductCreated(ProductCreated { product: product.state() });
        let transaction = transaction.put_new_with(product, vec![created]);
        around(transaction, None, Some(product), beside)?.commit().await
    }

    /// Writes a product anew, and announces what has changed.
    pub async fn replace_product(
        &self,
        before: &Stored<Product>,
        after: &Product,
        beside: Beside<'_>,
    ) -> Result<(), ProductRefusal> {
        let changed = before.entity.changed(after);
        let events = if changed.is_empty() {
            Vec::new()
        } else {
            vec![DomainEvent::ProductUpdated(ProductUpdated { changed, product: after.state() })]
        };
        let transaction = self.table.operation(&operations::REPLACE_PRODUCT).transaction();
        let transaction =
            transaction.put(after, Condition::Version(before.version), events).or(ProductRefusal::Outdated);
        around(transaction, Some(&before.entity), Some(after), beside)?.commit().await
    }

    /// Deletes a product and announces it.
    pub async fn delete_product(
        &self,
        before: &Stored<Product>,
        now: Timestamp,
    ) -> Result<(), ProductRefusal> {
        let id = before.entity.id;
        let deleted = DomainEvent::ProductDeleted(ProductDeleted { product_id: id });
        let tombstone = Tombstone::new(schema::product(id), now, TOMBSTONE_LIFETIME);
        let transaction = self.table.operation(&operations::DELETE_PRODUCT).transaction();
        let transaction = transaction
            .put(&tombstone, Condition::Version(before.version), vec![deleted])
            .or(ProductRefusal::Outdated);
        around(transaction, Some(&before.entity), None, Beside::default())?.commit().await
    }

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
    ) -> Result<(), CategoryRefusal> {
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
    ) -> Result<(), CategoryRefusal> {
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
    ) -> Result<(), CategoryRefusal> {
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

    /// What a repeated request has made before.
    pub async fn get_idempotency_record(
        &self,
        repeated: &IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, Failure> {
        let stored = self.table.operation(&operations::GET_IDEMPOTENCY_RECORD).get(repeated.key()).await?;
        Ok(stored.map(|stored| stored.entity))
    }
}

/// A category takes no product any more.
pub fn close(id: CategoryId) -> Update {
    Update::set(Expression::new("#closed = :true, #category_id = :id").boolean(":true", true).text(":id", id))
}

/// Whatever names, lists and counts a product.
fn around<'t>(
    mut transaction: Transaction<'t, ProductRefusal>,
    before: Option<&Product>,
    after: Option<&Product>,
    beside: Beside<'_>,
) -> Result<Transaction<'t, ProductRefusal>, ProductRefusal> {
    let Some(product_id) = before.or(after).map(|product| product.id) else { return Ok(transaction) };
    let mut writes = 1 + usize::from(beside.entry.is_some()) + usize::from(beside.record.is_some());
    if let Some(entry) = beside.entry {
        transaction = transaction.put_new(entry).or(ProductRefusal::Overtaken);
    }
    let slug = |product: Option<&Product>| product.map(|product| product.slug.clone());
    let (old, new) = (slug(before), slug(after));
    if old != new {
        if let Some(slug) = &new {
            let claim = SlugClaim { slug: slug.clone(), product_id };
            transaction = transaction.put_new(&claim).or(ProductRefusal::SlugTaken);
        }
        if let Some(slug) = &old {
            transaction = transaction.remove(schema::product_slug(slug), Condition::Any);
        }
        writes += usize::from(old.is_some()) + usize::from(new.is_some());
    }
    let skus = |product: Option<&Product>| -> Vec<Sku> {
        product.into_iter().flat_map(Product::skus).cloned().collect()
    };
    let (old, new) = (skus(before), skus(after));
    for sku in new.iter().filter(|sku| !old.contains(sku)) {
        let claim = SkuClaim { sku: sku.clone(), product_id };
        transaction = transaction.put_new(&claim).or(ProductRefusal::SkuTaken);
        writes += 1;
    }
    for sku in old.iter().filter(|sku| !new.contains(sku)) {
        transaction = transaction.remove(schema::sku(sku), Condition::Any);
        writes += 1;
    }
    let rows = rows::changes(before, after);
    writes += rows.written.len() + rows.removed.len();
    for row in &rows.written {
        transaction = transaction.put(row, Condition::Any, Vec::new());
    }
    for key in rows.removed {
        transaction = transaction.remove(key, Condition::Any);
    }
    for (category, products, active) in counts(before, after) {
        let open = Expression::new("attribute_not_exists(#closed)");
        let mut update = Update::set(
            Expression::new(
                "#category_id = :id, #products = if_not_exists(#products, :none) + :products, \
                 #active = if_not_exists(#active, :none) + :active",
            )
            .text(":id", category)
            .number(":none", 0)
            .number(":products", products)
            .number(":active", active),
        );
        if products > 0 {
            update = update.when(open);
        }
        let key = schema::category_count(category);
        transaction = transaction.update::<CategoryCount>(key, update).or(ProductRefusal::Overtaken);
        writes += 1;
    }
    if writes > TRANSACTION_WRITES { Err(ProductRefusal::TooMuch) } else { Ok(transaction) }
}

/// By how much the products of each category become more, and those of them that
/// are for sale.
fn counts(before: Option<&Product>, after: Option<&Product>) -> Vec<(CategoryId, i64, i64)> {
    let of = |product: Option<&Product>, category: CategoryId| {
        let inside = product.filter(|product| product.category_ids.contains(&category));
        let active = inside.is_some_and(|product| product.status == ProductStatus::Active);
        (i64::from(inside.is_some()), i64::from(active))
    };
    let all = before.into_iter().chain(after).flat_map(|product| product.category_ids.iter().copied());
    let all: std::collections::BTreeSet<CategoryId> = all.collect();
    let differences = all.into_iter().map(|category| {
        let (was, will) = (of(before, category), of(after, category));
        (category, will.0 - was.0, will.1 - was.1)
    });
    differences.filter(|(_, products, active)| (*products, *active) != (0, 0)).collect()
}
