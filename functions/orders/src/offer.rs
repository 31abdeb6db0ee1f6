//! What can be ordered, as the catalogue's events tell it, with its stock, which
//! is this group's own.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{AdjustmentId, ProductId, UserId},
    money::Money,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Reason, Sku},
    vocabulary,
    vocabulary::Open,
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

/// Something that can be ordered: one item a sku.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    /// SKU.
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

impl Entity for Offer {
    const TYPE: &'static str = "offer";

    fn key(&self) -> Key {
        schema::offer(&self.sku)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        if self.low { vec![schema::low_stock(self.sku.as_str())] } else { Vec::new() }
    }
}

/// A part of the stock of what very many order at once, with what an order has to
/// know of the offer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bucket {
    /// SKU.
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
        schema::stock_bucket(&self.sku, self.number)
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
    /// What could be, at some time.
    pub former: Vec<Sku>,
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
    /// SKU.
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
        schema::stock_adjustment(&self.sku, self.id)
    }
}
