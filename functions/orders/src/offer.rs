//! Replica of the catalogue's variants, with their stock, which is this group's own.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{AdjustmentId, ProductId, UserId, VariantId},
    money::Money,
    seller::Seller,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Reason, Sku},
    vocabulary,
    vocabulary::{Availability, Open},
};

use crate::stock::StockCard;

vocabulary! {
    /// Status of an offer.
    pub enum OfferStatus {
        /// Can be ordered.
        Open = "open",
        /// Cannot be ordered: the product is a draft, archived or deleted.
        Closed = "closed",
    }
}

/// A variant that can be ordered, one item each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// Current SKU of the variant.
    pub sku: Sku,
    /// Id of the product.
    pub product_id: ProductId,
    /// Version of the product in the event.
    pub product_version: u64,
    /// Seller of the product.
    #[serde(default, skip_serializing_if = "Seller::is_platform")]
    pub seller: Seller,
    /// Unit price.
    pub price: Money,
    /// Status.
    pub status: Open<OfferStatus>,
    /// Opening stock, set once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_stock: Option<u64>,
    /// Sum of all stock adjustments.
    pub adjusted: i64,
    /// Sold and not returned.
    pub sold: u64,
    /// Numbers of the stock's buckets; empty for an unsharded stock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<u8>,
    /// True if the offer is to be written to the low-stock list; unknown for one that
    /// was read.
    #[serde(skip)]
    pub low: bool,
    /// Attributes that lists show.
    pub card: StockCard,
}

impl Offer {
    /// Id of the variant.
    pub fn variant(&self) -> VariantId {
        stock_key(self.variant_id.as_ref(), &self.sku)
    }
}

/// Variant id of a stock. An earlier release kept it under its SKU and wrote no
/// variant; the backfill job of a later release moves it.
pub fn stock_key(variant: Option<&VariantId>, sku: &Sku) -> VariantId {
    variant.cloned().unwrap_or_else(|| VariantId::of_sku(sku))
}

impl Entity for Offer {
    const TYPE: &'static str = "offer";

    fn key(&self) -> Key {
        schema::offer(&self.variant())
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        if self.low { vec![schema::low_stock(self.sku.as_str())] } else { Vec::new() }
    }
}

/// A bucket of a sharded stock, with the part of the offer that an order needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bucket {
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// Current SKU of the variant.
    pub sku: Sku,
    /// Number of the bucket.
    pub number: u8,
    /// Product.
    pub product_id: ProductId,
    /// Version of the product in the event.
    pub product_version: u64,
    /// Unit price.
    pub price: Money,
    /// Status.
    pub status: Open<OfferStatus>,
    /// Sold and not returned.
    pub sold: u64,
    /// Attributes that lists show.
    pub card: StockCard,
}

impl Bucket {
    /// Id of the variant.
    pub fn variant(&self) -> VariantId {
        stock_key(self.variant_id.as_ref(), &self.sku)
    }
}

impl Entity for Bucket {
    const TYPE: &'static str = "stock_bucket";

    fn key(&self) -> Key {
        schema::stock_bucket(&self.variant(), self.number)
    }
}

/// Offers of a product: the gate that admits its events in the order of their versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductOffers {
    /// Product.
    pub product_id: ProductId,
    /// Version of the product in the event.
    pub product_version: u64,
    /// SKUs of the product.
    #[serde(rename = "card")]
    pub skus: ProductSkus,
}

/// Attributes of a product in an operator's list of all products.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ProductSkus {
    /// Current SKUs.
    pub now: Vec<Sku>,
    /// Former SKUs.
    pub former: Vec<Sku>,
    /// Current variants; none if an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<VariantId>>,
    /// Former variants; none if an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_variants: Option<Vec<VariantId>>,
}

impl ProductSkus {
    /// Current variants of the product.
    pub fn variants(&self) -> Vec<VariantId> {
        or_skus(self.variants.as_ref(), &self.now)
    }

    /// Former variants of the product.
    pub fn former_variants(&self) -> Vec<VariantId> {
        or_skus(self.former_variants.as_ref(), &self.former)
    }

    /// Current and former variants of the product.
    pub fn all_variants(&self) -> Vec<VariantId> {
        [self.variants(), self.former_variants()].concat()
    }
}

fn or_skus(variants: Option<&Vec<VariantId>>, skus: &[Sku]) -> Vec<VariantId> {
    variants.cloned().unwrap_or_else(|| skus.iter().map(VariantId::of_sku).collect())
}

/// The current or last variant of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfferedSku {
    /// SKU in its folded form.
    pub sku: Sku,
    /// Variant.
    pub variant_id: VariantId,
    /// Product of the variant.
    pub product_id: ProductId,
    /// Version of the product in the event.
    pub product_version: u64,
    /// True if another product may take the SKU.
    pub free: bool,
}

impl Entity for OfferedSku {
    const TYPE: &'static str = "offered_sku";

    fn key(&self) -> Key {
        schema::offered_sku(&self.sku)
    }
}

/// Last published availability of a variant. It is an item of its own, because the
/// offer's version would otherwise change without a change of the stock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockAvailability {
    /// Variant.
    pub variant_id: VariantId,
    /// Product of the variant.
    pub product_id: ProductId,
    /// Availability.
    pub availability: Open<Availability>,
}

impl Entity for StockAvailability {
    const TYPE: &'static str = "stock_availability";

    fn key(&self) -> Key {
        schema::stock_availability(&self.variant_id)
    }
}

impl Entity for ProductOffers {
    const TYPE: &'static str = "product_offers";

    fn key(&self) -> Key {
        schema::product_offers(self.product_id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        vec![schema::offered_products(self.product_id)]
    }
}

/// A stock adjustment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Adjustment {
    /// Id.
    pub id: AdjustmentId,
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU of the variant at that time.
    pub sku: Sku,
    /// Number of units added; negative if removed.
    pub change: i64,
    /// Reason, where one is given.
    pub reason: Reason,
    /// Account that made the adjustment.
    pub actor: UserId,
    /// Time.
    pub at: Timestamp,
}

impl Adjustment {
    /// Id of the variant.
    pub fn variant(&self) -> VariantId {
        stock_key(self.variant_id.as_ref(), &self.sku)
    }
}

impl Entity for Adjustment {
    const TYPE: &'static str = "stock_adjustment";

    fn key(&self) -> Key {
        schema::stock_adjustment(&self.variant(), self.id)
    }
}
