//! Views of orders and of the stock.

use serde::Serialize;
use shared::{
    clock::Timestamp,
    http::{Reply, Versioned},
    id::{OrderId, ProductId, UserId, VariantId},
    identity::PostalAddress,
    money::Money,
    seller::Seller,
    table::item::Stored,
    text::{Note, Sku, Title},
    vocabulary::{Open, OrderStatus, PaymentStatus},
};
use utoipa::ToSchema;

use crate::{
    offer::{Bucket, Offer, OfferStatus},
    order::{Line, Order, OrderCard, Step},
    store::ListedOrder,
};

/// An order.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
#[schema(examples(json!({
    "id": "ord_01h455vb4pex5vsknk084sn02q",
    "user_id": "user_01h455vb4pex5vsknk084sn02q",
    "seller": "platform",
    "status": "confirmed",
    "payment_status": "paid",
    "lines": [{
        "sku": "TEA-EARL-GREY-100",
        "product_id": "prod_01h455vb4pex5vsknk084sn02q",
        "title": "Earl Grey, 100 g",
        "quantity": 2,
        "unit_price": { "amount": 890, "currency": "EUR" },
        "line_total": { "amount": 1780, "currency": "EUR" },
    }],
    "total": { "amount": 1780, "currency": "EUR" },
    "reserved_until": "2026-01-31T12:15:00.000Z",
    "shipping_address": { "street": "12 St James's Square", "city": "London", "country": "GB" },
    "note": "Please ring twice.",
    "history": [{
        "from": "reserved",
        "to": "confirmed",
        "actor": "user_01h455vb4pex5vsknk084sn02q",
        "at": "2026-01-31T12:05:00.000Z",
    }],
    "created_at": "2026-01-31T12:00:00.000Z",
    "version": 2,
})))]
pub struct OrderView {
    id: OrderId,
    user_id: UserId,
    seller: Seller,
    #[schema(value_type = OrderStatus)]
    status: Open<OrderStatus>,
    #[schema(value_type = PaymentStatus)]
    payment_status: Open<PaymentStatus>,
    lines: Vec<LineView>,
    total: Money,
    /// End of the reservation, while the status is `reserved`.
    reserved_until: Timestamp,
    /// Shipping address. Null for viewers of the selling organisation.
    shipping_address: Option<PostalAddress>,
    /// Note for the warehouse. Null for viewers of the selling organisation.
    note: Option<Note>,
    /// Status changes, the oldest first.
    history: Vec<Step>,
    created_at: Timestamp,
    version: u64,
}

/// A line: a quantity of a SKU, at the price of the time of the order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderLine)]
#[schema(examples(json!({
    "sku": "TEA-EARL-GREY-100",
    "product_id": "prod_01h455vb4pex5vsknk084sn02q",
    "title": "Earl Grey, 100 g",
    "quantity": 2,
    "unit_price": { "amount": 890, "currency": "EUR" },
    "line_total": { "amount": 1780, "currency": "EUR" },
})))]
pub struct LineView {
    sku: Sku,
    product_id: ProductId,
    title: Title,
    quantity: u32,
    unit_price: Money,
    line_total: Money,
}

impl OrderView {
    /// An order for its customer.
    pub(crate) fn for_customer(mut order: Stored<Order>) -> Self {
        order.entity.history = order.entity.history_for_customer();
        Self::whole(order)
    }

    /// An order for a viewer of the selling organisation.
    pub(crate) fn for_viewer(mut order: Stored<Order>) -> Self {
        (order.entity.shipping_address, order.entity.note) = (None, None);
        Self::whole(order)
    }

    /// An order for an administrator, or for staff and higher roles of the selling
    /// organisation.
    pub(crate) fn whole(Stored { entity: order, version }: Stored<Order>) -> Self {
        let OrderCard { user_id, status, total, created_at, seller } = order.card;
        let lines = order.lines.into_iter().map(|line| {
            let quantity = line.quantity();
            let Line { sku, product_id, title, unit_price, .. } = line;
            let unit_price = Money { amount: unit_price, ..total };
            let line_total = Money { amount: unit_price.amount.saturating_mul(quantity.into()), ..total };
            LineView { sku, product_id, title, quantity, unit_price, line_total }
        });
        Self {
            id: order.id,
            user_id,
            seller,
            status,
            payment_status: order.payment_status,
            lines: lines.collect(),
            total,
            reserved_until: order.reserved_until,
            shipping_address: order.shipping_address,
            note: order.note,
            history: order.history,
            created_at,
            version,
        }
    }
}

/// An order in a list.
#[derive(Serialize, ToSchema)]
pub struct OrderSummary {
    id: OrderId,
    user_id: UserId,
    seller: Seller,
    #[schema(value_type = OrderStatus)]
    status: Open<OrderStatus>,
    total: Money,
    created_at: Timestamp,
}

impl From<ListedOrder> for OrderSummary {
    fn from(ListedOrder { id, card, sort: _ }: ListedOrder) -> Self {
        let OrderCard { user_id, status, total, created_at, seller } = card;
        Self { id, user_id, seller, status, total, created_at }
    }
}

/// Stock level of a variant.
#[derive(Serialize, ToSchema)]
#[schema(as = Stock)]
#[schema(examples(json!({
    "sku": "TEA-EARL-GREY-100",
    "variant_id": "var_01h455vb4pex5vsknk084sn02q",
    "product_id": "prod_01h455vb4pex5vsknk084sn02q",
    "seller": "platform",
    "title": "Earl Grey, 100 g",
    "price": { "amount": 890, "currency": "EUR" },
    "status": "open",
    "initial_stock": 120,
    "on_hand": 112,
    "reserved": 2,
    "available": 110,
    "adjusted": 12,
    "sold": 20,
    "buckets": 0,
    "version": 7,
})))]
pub struct StockView {
    sku: Sku,
    /// Id of the variant, which keeps its stock when its SKU changes.
    variant_id: VariantId,
    product_id: ProductId,
    seller: Seller,
    title: Title,
    price: Money,
    #[schema(value_type = OfferStatus, inline)]
    status: Open<OfferStatus>,
    /// Opening stock.
    initial_stock: Option<u64>,
    /// Units on hand: `available` plus `reserved`.
    on_hand: u64,
    /// Units reserved for orders that are not confirmed.
    reserved: u64,
    /// Units that can be ordered.
    available: u64,
    /// Sum of all stock adjustments.
    adjusted: i64,
    /// Units sold and not restocked.
    sold: u64,
    /// Number of buckets of a sharded stock.
    buckets: usize,
    /// Version, incremented by each change of the stock and held by the `ETag`.
    version: u64,
}

impl StockView {
    /// Stock of a SKU, summed over its cells.
    pub(crate) fn of(stored: Stored<Offer>, buckets: &[Stored<Bucket>]) -> Versioned<Reply<Self>> {
        let version = stock_version(&stored, buckets);
        let offer = stored.entity;
        let sum = |own: u64, of: fn(&Bucket) -> u64| {
            own + buckets.iter().map(|bucket| of(&bucket.entity)).sum::<u64>()
        };
        let view = Self {
            on_hand: sum(offer.card.on_hand, |bucket| bucket.card.on_hand),
            reserved: sum(offer.card.reserved, |bucket| bucket.card.reserved),
            available: sum(offer.card.available, |bucket| bucket.card.available),
            sold: sum(offer.sold, |bucket| bucket.sold),
            buckets: buckets.len(),
            version,
            variant_id: offer.variant(),
            sku: offer.sku,
            product_id: offer.product_id,
            seller: offer.seller,
            title: offer.card.title,
            price: offer.price,
            status: offer.status,
            initial_stock: offer.initial_stock,
            adjusted: offer.adjusted,
        };
        Versioned(version, Reply(view))
    }
}

/// Version of a stock: the sum of those of its cells, none of which is ever removed.
pub(crate) fn stock_version(offer: &Stored<Offer>, buckets: &[Stored<Bucket>]) -> u64 {
    offer.version + buckets.iter().map(|bucket| bucket.version).sum::<u64>()
}
