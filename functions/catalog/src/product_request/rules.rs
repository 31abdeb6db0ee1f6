//! Rules for a product as a whole, and its limits.

use std::collections::BTreeSet;

use shared::{
    http::{Change, Faults, Patch},
    id::{CategoryId, VariantId},
    text::Invalid,
};

use crate::product::{Product, Variant};

pub(super) const MOST_VARIANTS: usize = 50;
pub(super) const MOST_CATEGORIES: usize = 10;
pub(super) const MOST_IMAGES: usize = 20;
const MOST_BYTES: usize = 64 * 1024;

/// Primary category: the named one, or else `kept`.
pub(super) fn primary(
    faults: &mut Faults,
    field: Patch<CategoryId>,
    kept: Option<CategoryId>,
    categories: Option<&[CategoryId]>,
) -> Option<CategoryId> {
    let mut primary = kept;
    if let Some(change) = faults.patch("/primary_category_id", field, Ok) {
        let named = matches!(change, Change::Set(_));
        change.apply(&mut primary);
        if named && primary.is_some_and(|id| !categories.unwrap_or_default().contains(&id)) {
            let detail = "This is not one of the product's categories.";
            faults.add("/primary_category_id", Invalid::new("unknown_category", detail));
        }
    }
    primary
}

/// Refuses another opening stock: once it is set, the stock is adjusted instead. A
/// request that does not name it keeps it.
pub(super) fn keep_initial_stock(faults: &mut Faults, product: &mut Product, before: &Product) {
    let mut keep = |at: String, id: &VariantId, initial: &mut Option<u64>| {
        let Some(said) = before.initial_stock_of(id) else { return };
        if initial.is_some_and(|initial| initial != said) {
            let detail = "The opening stock is already set: adjust the stock instead.";
            faults.add(at, Invalid::new("immutable", detail));
        }
        *initial = Some(said);
    };
    if product.variants.is_empty() {
        keep("/initial_stock".to_owned(), &product.variant_id, &mut product.initial_stock);
    }
    for (index, variant) in product.variants.iter_mut().enumerate() {
        keep(format!("/variants/{index}/initial_stock"), &variant.id, &mut variant.initial_stock);
    }
}

/// Checks the product as a whole. Variants that equal those of `before` are accepted,
/// because an earlier release may have stored what this one refuses.
pub(super) fn judge(faults: &mut Faults, product: &Product, before: Option<&Product>) {
    let currency = product.price.currency;
    let other =
        || Invalid::new("currency_mismatch", "The currency differs from that of the product's price.");
    if product.list_price.is_some_and(|price| price.currency != currency) {
        faults.add("/list_price/currency", other());
    }
    for (index, variant) in product.variants.iter().enumerate() {
        if variant.price.is_some_and(|price| price.currency != currency) {
            faults.add(format!("/variants/{index}/price/currency"), other());
        }
    }
    if before.is_none_or(|before| before.variants != product.variants) {
        judge_variants(faults, &product.variants);
    }
    let distinct: BTreeSet<_> = product.category_ids.iter().collect();
    if distinct.len() < product.category_ids.len() {
        faults.add("/category_ids", Invalid::new("duplicate", "A category is listed twice."));
    }
    if !product.variants.is_empty() && product.initial_stock.is_some() {
        let detail = "A product with variants has no stock of its own: set it in the variants.";
        faults.add("/initial_stock", Invalid::new("stock_of_variants", detail));
    }
    if serde_json::to_vec(product).is_ok_and(|bytes| bytes.len() > MOST_BYTES) {
        faults.add("", Invalid::new("too_large", "A product is at most 64 KB."));
    }
}

/// Refuses variants that cannot be told apart.
fn judge_variants(faults: &mut Faults, variants: &[Variant]) {
    let (mut skus, mut ids, mut choices) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (index, variant) in variants.iter().enumerate() {
        if !ids.insert(&variant.id) {
            let invalid = Invalid::new("duplicate", "This value is a duplicate.");
            faults.add(format!("/variants/{index}/id"), invalid);
        }
        if !skus.insert(variant.sku.folded()) {
            let invalid = Invalid::new("duplicate", "This value is a duplicate.");
            faults.add(format!("/variants/{index}/sku"), invalid);
        }
        if !variant.attributes.is_empty() && !choices.insert(&variant.attributes) {
            let detail = "Another variant has the same attributes: they must distinguish variants.";
            faults.add(format!("/variants/{index}/attributes"), Invalid::new("duplicate_variant", detail));
        }
    }
}
