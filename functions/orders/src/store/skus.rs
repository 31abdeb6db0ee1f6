//! Variants of SKUs. A warm function remembers those that it has read, which saves an
//! order a round trip. The memory may be stale; the offer decides if the variant still
//! has the SKU.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use shared::{
    Failure,
    id::VariantId,
    table::{Consistency, item::Stored, schema},
    text::Sku,
};

use super::Store;
use crate::{offer::OfferedSku, operations::GET_SKUS};

/// Maximum number of remembered SKUs: about 1 MB.
const MOST_KNOWN: usize = 10_000;

/// Variants of folded SKUs, possibly stale.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownSkus(Arc<Mutex<HashMap<Sku, VariantId>>>);

impl KnownSkus {
    fn get(&self, sku: &Sku) -> Option<VariantId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(sku).cloned()
    }

    fn put(&self, sku: Sku, variant: VariantId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(sku, variant);
    }
}

impl Store {
    /// The variants that may have SKUs, each once; unknown ones are read.
    pub(super) async fn known_variants_of(&self, skus: &[Sku]) -> Result<Vec<VariantId>, Failure> {
        let mut variants = BTreeSet::new();
        let mut unknown = Vec::new();
        for sku in skus {
            match self.skus.get(&sku.folded()) {
                Some(variant) => {
                    variants.insert(variant);
                }
                None => unknown.push(sku.clone()),
            }
        }
        if !unknown.is_empty() {
            variants.extend(self.variants_of(&unknown, Consistency::Eventual).await?);
        }
        Ok(variants.into_iter().collect())
    }

    /// The variants that may have SKUs, each once. The offer decides. A SKU that was
    /// never claimed here may be one of an earlier release, which kept the stock under
    /// the SKU in its spelling.
    pub(super) async fn variants_of(
        &self,
        skus: &[Sku],
        consistency: Consistency,
    ) -> Result<Vec<VariantId>, Failure> {
        let folded: BTreeSet<Sku> = skus.iter().map(Sku::folded).collect();
        let things = folded.len() * if consistency == Consistency::Strong { 2 } else { 1 };
        let access = self.table.operation_on(&GET_SKUS, things);
        let mut found = access.get_many(folded.iter().map(schema::offered_sku), consistency).await?;
        let mut variants = BTreeSet::new();
        for sku in skus {
            let claim: Option<Stored<OfferedSku>> = found.take(schema::offered_sku(&sku.folded()))?;
            variants.insert(match claim {
                Some(Stored { entity: claim, .. }) => {
                    self.skus.put(claim.sku, claim.variant_id.clone());
                    claim.variant_id
                }
                None => VariantId::of_sku(sku),
            });
        }
        Ok(variants.into_iter().collect())
    }
}
