//! Table operations of the group: orders here, the stock and its replicas below.

mod availability;
mod buckets;
mod orders;
mod replicas;
mod skus;
mod stock;

use shared::table::{Table, item::Reader};

pub use self::{
    availability::KnownAvailability,
    orders::{BuyerWrite, ListedOrder, OrderFilter, WriteRefusal},
    replicas::ReplicaUpdate,
    stock::AdjustRefusal,
};

use self::skus::KnownSkus;
use crate::{
    buyer::Buyer,
    offer::{Adjustment, Bucket, Offer, OfferedSku, ProductOffers, StockAvailability},
    order::Order,
};

/// Entities of the group.
pub const ENTITIES: &[Reader] = &[
    Reader::of::<Order>(),
    Reader::of::<Offer>(),
    Reader::of::<Bucket>(),
    Reader::of::<OfferedSku>(),
    Reader::of::<StockAvailability>(),
    Reader::of::<ProductOffers>(),
    Reader::of::<Adjustment>(),
    Reader::of::<Buyer>(),
];

/// Access to the group's items.
#[derive(Debug, Clone)]
pub struct Store {
    table: Table,
    skus: KnownSkus,
}

impl Store {
    /// Store in `table`.
    pub fn new(table: Table) -> Self {
        Self { table, skus: KnownSkus::default() }
    }
}
