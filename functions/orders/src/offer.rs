//! What can be ordered, as the catalogue's events tell it, with its stock, which
//! is this group's own.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{AdjustmentId, ProductId, UserId, VariantId},
    money::Money,
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
    /// Whether something can be ordered.
    pub enum OfferStatus {
        /// It can.
        Open = "open",
        /// It cannot: its product is a draft, archived or deleted.
        Closed = "closed",
    }
}

/// Something that can be ordered: one item a variant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU of the variant at the moment.
    pub sku: Sku,
    /// Whose variant it is.
    pub product_id: ProductId,
    /// The version of the product that this is known from.
    pub product_version: u64,
    /// Unit price.
    pub price: Money,
    /// Status.
    pub status: Open<OfferStatus>,
    /// How many there were when nobody had counted yet: set once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_stock: Option<u64>,
    /// The sum of all adjustments.
    pub adjusted: i64,
    /// Sold and not returned.
    pub sold: u64,
    /// Into how many buckets the stock is spread; none: it is here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<u8>,
    /// Whether it is written into the list of what there is little of; not known
    /// of one that was read.
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

/// The variant under which a stock is kept. An earlier release kept it under its SKU
/// and wrote no variant; the backfill job of a later release moves it.
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

/// A part of the stock of what very many order at once, with what an order has to
/// know of the offer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bucket {
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU of the variant at the moment.
    pub sku: Sku,
    /// Number of the bucket.
    pub number: u8,
    /// Product.
    pub product_id: ProductId,
    /// Version of the product that this is known from.
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

impl Entity for Bucket {
    const TYPE: &'static str = "stock_bucket";

    fn key(&self) -> Key {
        schema::stock_bucket(&stock_key(self.variant_id.as_ref(), &self.sku), self.number)
    }
}

/// Which offers are a product's: the gate that its events pass in the order of
/// their versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductOffers {
    /// Product.
    pub product_id: ProductId,
    /// Version of the product that this is known from.
    pub product_version: u64,
    /// SKUs of the product.
    #[serde(rename = "card")]
    pub skus: ProductSkus,
}

/// What an operator's list of all products shows of one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ProductSkus {
    /// What of it can be bought.
    pub now: Vec<Sku>,
    /// SKUs that it had at some time.
    pub former: Vec<Sku>,
    /// Variants that it has; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<VariantId>>,
    /// Variants that it had at some time; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_variants: Option<Vec<VariantId>>,
}

impl ProductSkus {
    /// Variants that the product has.
    pub fn variants(&self) -> Vec<VariantId> {
        or_skus(self.variants.as_ref(), &self.now)
    }

    /// Every variant that the product has or had.
    pub fn all_variants(&self) -> Vec<VariantId> {
        [self.variants(), or_skus(self.former_variants.as_ref(), &self.former)].concat()
    }
}

fn or_skus(variants: Option<&Vec<VariantId>>, skus: &[Sku]) -> Vec<VariantId> {
    variants.cloned().unwrap_or_else(|| skus.iter().map(VariantId::of_sku).collect())
}

/// The variant that has a SKU, or had it last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfferedSku {
    /// SKU in its folded form.
    pub sku: Sku,
    /// Variant.
    pub variant_id: VariantId,
    /// Product of the variant.
    pub product_id: ProductId,
    /// Version of the product that this is known from.
    pub product_version: u64,
    /// True if another product may take it.
    pub free: bool,
}

impl Entity for OfferedSku {
    const TYPE: &'static str = "offered_sku";

    fn key(&self) -> Key {
        schema::offered_sku(&self.sku)
    }
}

/// The availability of a variant as the last event told it. It stands beside the offer,
/// whose version would else change without a change of the stock.
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

/// A change of a stock that somebody has counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Adjustment {
    /// Id.
    pub id: AdjustmentId,
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU of the variant at that time.
    pub sku: Sku,
    /// How many more there are, or fewer.
    pub change: i64,
    /// Reason, where one is given.
    pub reason: Reason,
    /// Who does it.
    pub actor: UserId,
    /// Time.
    pub at: Timestamp,
}

impl Entity for Adjustment {
    const TYPE: &'static str = "stock_adjustment";

    fn key(&self) -> Key {
        schema::stock_adjustment(&stock_key(self.variant_id.as_ref(), &self.sku), self.id)
    }
}
