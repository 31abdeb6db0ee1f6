//! Jobs over items of earlier releases. A slug is of no concern to them: it is the public
//! address of a product.

use std::collections::BTreeSet;

use shared::{
    Failure,
    evolution::{Beside, Change, Evolution, IfPresent, Job},
    table::{
        item::{Attributes, Stored},
        schema,
    },
    text::Sku,
};

use crate::{
    product::{Layout, Product},
    rows,
    store::SkuClaim,
};

/// Jobs of the group. Rows come first: only a product in the latest layout names the
/// claims of earlier releases.
pub const JOBS: &[Job] = &[Job::of::<ProductRows>(), Job::of::<SkuClaims>()];

/// Number of claims that move in one transaction: each is two of its 100 writes.
const CLAIMS: usize = 40;

/// The product after a rewrite that a caller does not see. Writers derive the rows and
/// claims that they remove from the product that they have read, so it takes a version.
fn change(before: &Stored<Product>, after: Product, beside: Vec<Beside>) -> Change<Product> {
    let revision = Some(before.entity.revision(before.version));
    let tagged_version = Some(before.entity.tagged_version(before.version));
    Change::of(Product { revision, tagged_version, ..after }).with(beside).taking_a_version()
}

struct ProductRows;

impl Evolution for ProductRows {
    type Entity = Product;
    const NAME: &'static str = "product-rows";
    const ABOUT: &'static str =
        "Texts and values of lists that kept diacritics, now folded; ids of variants, now stored.";

    fn change(before: &Stored<Product>, _: &Attributes) -> Result<Option<Change<Product>>, Failure> {
        let product = &before.entity;
        if product.layout == Layout::LATEST {
            return Ok(None);
        }
        let rows = rows::in_latest_layout(product);
        let mut beside: Vec<Beside> = rows.written.iter().map(Beside::put).collect::<Result<_, _>>()?;
        beside.extend(rows.removed.into_iter().map(Beside::Remove));
        let after = Product { layout: Layout::LATEST, ..product.clone() };
        Ok(Some(change(before, after, beside)))
    }
}

struct SkuClaims;

impl Evolution for SkuClaims {
    type Entity = Product;
    const NAME: &'static str = "sku-claims";
    const ABOUT: &'static str = "Claims of SKUs in their spelling, now in upper case.";

    fn change(before: &Stored<Product>, _: &Attributes) -> Result<Option<Change<Product>>, Failure> {
        let product = &before.entity;
        if product.layout != Layout::LATEST || product.former_claims.is_empty() {
            return Ok(None);
        }
        let (moved, left) = product.former_claims.split_at(CLAIMS.min(product.former_claims.len()));
        let spelled = |sku: &Sku| product.former_claims.contains(sku);
        let mut claimed: BTreeSet<Sku> =
            product.skus().into_iter().filter(|sku| !spelled(sku)).map(Sku::folded).collect();
        let mut beside: Vec<Beside> = moved.iter().map(|sku| Beside::Remove(schema::sku(sku))).collect();
        for sku in moved.iter().map(Sku::folded) {
            if claimed.insert(sku.clone()) {
                let claim = SkuClaim { sku, product_id: product.id };
                beside.push(Beside::put_new(
                    &claim,
                    IfPresent::Fail(
                        "another product has a SKU that differs in case only: change one of the two",
                    ),
                )?);
            }
        }
        let after = Product { former_claims: left.to_vec(), ..product.clone() };
        Ok(Some(change(before, after, beside)))
    }
}
