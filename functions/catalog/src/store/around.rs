//! What is written with a product: the claims to its names, its places in lists,
//! the counts of its categories.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::{
    Refused,
    id::{CategoryId, ProductId},
    table::{
        Condition, Expression, Transaction, Update,
        item::Entity,
        schema::{self, Key},
    },
    text::{Sku, Slug},
    vocabulary::ProductStatus,
};

use super::{Beside, ProductRefusal};
use crate::{category::CategoryCount, product::Product, rows};

/// DynamoDB takes so many writes together.
const TRANSACTION_WRITES: usize = 100;

/// That a SKU is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SkuClaim {
    sku: Sku,
    pub(super) product_id: ProductId,
}

impl Entity for SkuClaim {
    const TYPE: &'static str = "sku";

    fn key(&self) -> Key {
        schema::sku(&self.sku)
    }
}

/// That a slug is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SlugClaim {
    slug: Slug,
    pub(super) product_id: ProductId,
}

impl Entity for SlugClaim {
    const TYPE: &'static str = "product_slug";

    fn key(&self) -> Key {
        schema::product_slug(&self.slug)
    }
}

/// Whatever names, lists and counts a product.
pub(super) fn around<'t>(
    mut transaction: Transaction<'t, ProductRefusal>,
    before: Option<&Product>,
    after: Option<&Product>,
    beside: Beside<'_>,
) -> Result<Transaction<'t, ProductRefusal>, Refused<ProductRefusal>> {
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
    if writes > TRANSACTION_WRITES { Err(Refused::By(ProductRefusal::TooMuch)) } else { Ok(transaction) }
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
    let all: BTreeSet<CategoryId> = all.collect();
    let differences = all.into_iter().map(|category| {
        let (was, will) = (of(before, category), of(after, category));
        (category, will.0 - was.0, will.1 - was.1)
    });
    differences.filter(|(_, products, active)| (*products, *active) != (0, 0)).collect()
}
