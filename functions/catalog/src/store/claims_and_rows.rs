//! Writes that accompany a product: claims of its SKUs and slug, index rows, counts of its
//! categories and of its seller.

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

use super::{Beside, ProductRefusal, seller_count::with_seller_count};
use crate::{category::CategoryCount, product::Product, rows};

/// Claim of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SkuClaim {
    /// Folded SKU; the original spelling in a claim of an earlier release.
    pub(crate) sku: Sku,
    pub(crate) product_id: ProductId,
}

impl Entity for SkuClaim {
    const TYPE: &'static str = "sku";

    fn key(&self) -> Key {
        schema::sku(&self.sku)
    }
}

/// Claim of a slug.
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

/// Adds the claims, rows and counts of a product to a transaction.
pub(super) fn with_claims_and_rows<'t>(
    mut transaction: Transaction<'t, ProductRefusal>,
    before: Option<&Product>,
    after: Option<&Product>,
    beside: Beside<'_>,
) -> Result<Transaction<'t, ProductRefusal>, Refused<ProductRefusal>> {
    let Some(product_id) = before.or(after).map(|product| product.id) else { return Ok(transaction) };
    if let Some(entry) = beside.entry {
        transaction = transaction.put_new(entry).or(ProductRefusal::Overtaken);
    }
    let slug = |product: &Product| SlugClaim { slug: product.slug.clone(), product_id };
    let (old, new) = (before.map(slug), after.map(slug));
    transaction = transaction.claim(old, new, |_| ProductRefusal::SlugTaken);
    let former = before.map(|product| product.former_claims.as_slice()).unwrap_or_default();
    let claim = |sku: &Sku| if former.contains(sku) { sku.clone() } else { sku.folded() };
    let skus = |product: &Product| -> Vec<SkuClaim> {
        product.skus().into_iter().map(|sku| SkuClaim { sku: claim(sku), product_id }).collect()
    };
    let (old, new) = (before.map(skus).unwrap_or_default(), after.map(skus).unwrap_or_default());
    transaction = transaction.claim(old, new, |_| ProductRefusal::SkuTaken);
    let rows = rows::changes(before, after);
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
    }
    transaction = with_seller_count(transaction, before, after);
    if transaction.exceeds_limit() { Err(Refused::By(ProductRefusal::TooMuch)) } else { Ok(transaction) }
}

/// Changes of the counts of each category: all products, and those in its public lists.
fn counts(before: Option<&Product>, after: Option<&Product>) -> Vec<(CategoryId, i64, i64)> {
    let of = |product: Option<&Product>, category: CategoryId| {
        let inside = product.filter(|product| product.category_ids.contains(&category));
        let active = inside.is_some_and(|product| product.listed_status() == ProductStatus::Active.into());
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
