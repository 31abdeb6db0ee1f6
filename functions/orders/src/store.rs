//! How the group uses the table: orders here, the stock and what feeds it below.

mod availability;
mod buckets;
mod orders;
mod replicas;
mod skus;
mod stock;

use shared::table::{Table, item::Reader};

pub use self::{
    orders::{BuyerWrite, ListedOrder, OrderFilter, WriteRefusal},
    replicas::Told,
    stock::AdjustRefusal,
};

use self::skus::KnownSkus;
use crate::{
    buyer::Buyer,
    offer::{Adjustment, Bucket, Offer, OfferedSku, ProductOffers, StockAvailability},
    order::Order,
};

shared::operations! {
    /// Reads the variants of SKUs: the cost of each, and twice that as they are at this
    /// moment.
    GET_SKUS = "orders.get_skus": 1 round trip, 0.5 read, 0.0 write;
    /// Reads offers, and whether somebody may order: the cost of each.
    GET_OFFERS = "orders.get_offers": 1 round trip, 0.5 read, 0.0 write;
    /// Reads offers as they are at this moment, or their buckets, or a buyer: the cost of
    /// each.
    GET_STOCK = "orders.get_stock": 1 round trip, 1.0 read, 0.0 write;
    /// Reads which offers are a product's: the cost of each.
    GET_PRODUCTS = "orders.get_products": 1 round trip, 0.5 read, 0.0 write;
    /// Places an order of one sku: the order of under 2 KB with its three index
    /// rows, a reservation with its row in the list of what there is little of, and the
    /// buyer. A further sku costs less than as much again.
    PLACE_ORDER = "orders.place_order": 1 round trip, 0.0 read, 12.0 write;
    /// Reads an order.
    GET_ORDER = "orders.get_order": 1 round trip, 1.0 read, 0.0 write;
    /// Changes an order of one sku, and its stock: one of its index rows moves,
    /// another goes, and the stock's shows another number. Its buyer is written with it.
    CHANGE_ORDER = "orders.change_order": 1 round trip, 0.0 read, 13.0 write;
    /// Changes an order, and no stock.
    REPLACE_ORDER = "orders.replace_order": 1 round trip, 0.0 read, 5.0 write;
    /// Lists orders: one partition of up to seven, which are asked at once.
    LIST_ORDERS = "orders.list_orders": 1 round trip, 0.5 read, 0.0 write;
    /// Lists the orders that are to expire, a shard at a time.
    LIST_EXPIRED = "orders.list_expired": 1 round trip, 0.5 read, 0.0 write;
    /// Changes a stock: the offer with its row in the list of what there is little
    /// of, the ledger, the record that makes it safe to repeat.
    ADJUST_STOCK = "orders.adjust_stock": 1 round trip, 0.0 read, 7.0 write;
    /// Spreads a stock over buckets: the cost of each cell, and its part of the row
    /// that goes from the list of what there is little of.
    SPREAD_STOCK = "orders.spread_stock": 1 round trip, 0.0 read, 2.5 write;
    /// Reads what a repeated request has done before.
    GET_IDEMPOTENCY_RECORD = "orders.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Lists the adjustments of a stock.
    LIST_ADJUSTMENTS = "orders.list_adjustments": 1 round trip, 1.0 read, 0.0 write;
    /// Lists what there is little of.
    LIST_LOW_STOCK = "orders.list_low_stock": 1 round trip, 0.5 read, 0.0 write;
    /// Reads how far a product's events have come.
    GET_PRODUCT = "orders.get_product": 1 round trip, 1.0 read, 0.0 write;
    /// Takes note of a product's version, with its row in the list of all products,
    /// which changes with its variants: the cost of each ten.
    PUT_PRODUCT = "orders.put_product": 1 round trip, 0.0 read, 2.0 write;
    /// Claims a SKU for a variant, or frees it.
    PUT_SKU = "orders.put_sku": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an offer that is to change.
    GET_OFFER = "orders.get_offer": 1 round trip, 1.0 read, 0.0 write;
    /// Reads an offer and the availability that was told last, or buckets: the cost of
    /// two.
    GET_AVAILABILITY = "orders.get_availability": 1 round trip, 2.0 read, 0.0 write;
    /// Tells another availability of a variant.
    PUT_AVAILABILITY = "orders.put_availability": 1 round trip, 0.0 read, 1.0 write;
    /// Makes an offer, with its row in the list of what there is little of.
    PUT_OFFER = "orders.put_offer": 1 round trip, 0.0 read, 2.0 write;
    /// Changes what an offer says, but not its stock, with that row: a renamed SKU moves
    /// it.
    UPDATE_OFFER = "orders.update_offer": 1 round trip, 0.0 read, 3.0 write;
    /// Says how many there were when nobody had counted yet.
    SET_INITIAL_STOCK = "orders.set_initial_stock": 1 round trip, 0.0 read, 2.0 write;
    /// Reads what somebody may do.
    GET_BUYER = "orders.get_buyer": 1 round trip, 1.0 read, 0.0 write;
    /// Takes note of what somebody may do.
    PUT_BUYER = "orders.put_buyer": 1 round trip, 0.0 read, 1.0 write;
}

/// The entities that the group keeps.
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
