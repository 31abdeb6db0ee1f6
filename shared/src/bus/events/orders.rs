//! The events of orders. Each carries the whole order without its personal data: the
//! address and the note.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{AdjustmentId, OrderId, ProductId, UserId, VariantId},
    money::Money,
    seller::Seller,
    text::Sku,
    vocabulary::{Availability, Open, OrderStatus, PaymentStatus},
};

/// Published state of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderState {
    /// Id of the order.
    pub order_id: OrderId,
    /// Account of the customer.
    pub user_id: UserId,
    /// Status.
    #[schema(value_type = OrderStatus)]
    pub status: Open<OrderStatus>,
    /// Payment status.
    #[schema(value_type = PaymentStatus)]
    pub payment_status: Open<PaymentStatus>,
    /// Total price.
    pub total: Money,
    /// Lines, each SKU once.
    pub lines: Vec<OrderedLine>,
    /// Variants that the change has removed from the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_variants: Vec<VariantId>,
    /// Seller; absent in events of earlier releases, which are the platform's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Seller>,
}

/// Published state of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderedLine {
    /// Id of the variant; absent in events of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU at the time of the order.
    pub sku: Sku,
    /// Id of the product.
    pub product_id: ProductId,
    /// Quantity.
    pub quantity: u32,
    /// Price of the line, in minor units of the total's currency.
    pub line_total: i64,
}

impl OrderState {
    /// Variants whose stock the change of the order may have changed.
    pub fn variants(&self) -> impl Iterator<Item = VariantId> {
        let of_line =
            |line: &OrderedLine| line.variant_id.clone().unwrap_or_else(|| VariantId::of_sku(&line.sku));
        self.lines.iter().map(of_line).chain(self.removed_variants.iter().cloned())
    }
}

/// See [`DomainEvent::OrderCreated`](super::DomainEvent::OrderCreated).
pub type OrderCreated = OrderState;
/// See [`DomainEvent::OrderUpdated`](super::DomainEvent::OrderUpdated).
pub type OrderUpdated = OrderState;
/// See [`DomainEvent::OrderConfirmed`](super::DomainEvent::OrderConfirmed).
pub type OrderConfirmed = OrderState;
/// See [`DomainEvent::OrderFulfilled`](super::DomainEvent::OrderFulfilled).
pub type OrderFulfilled = OrderState;
/// See [`DomainEvent::OrderCompleted`](super::DomainEvent::OrderCompleted).
pub type OrderCompleted = OrderState;
/// See [`DomainEvent::OrderCancelled`](super::DomainEvent::OrderCancelled).
pub type OrderCancelled = OrderState;
/// See [`DomainEvent::OrderExpired`](super::DomainEvent::OrderExpired).
pub type OrderExpired = OrderState;
/// See [`DomainEvent::OrderRefunded`](super::DomainEvent::OrderRefunded).
pub type OrderRefunded = OrderState;
/// See [`DomainEvent::OrderDeleted`](super::DomainEvent::OrderDeleted).
pub type OrderDeleted = OrderState;

/// See [`DomainEvent::StockAdjusted`](super::DomainEvent::StockAdjusted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockAdjusted {
    /// Id of the ledger entry.
    pub adjustment_id: AdjustmentId,
    /// Id of the variant.
    pub variant_id: VariantId,
    /// Number of units added; negative if removed.
    #[schema(examples(12))]
    pub change: i64,
}

/// See [`DomainEvent::StockAvailabilityChanged`](super::DomainEvent::StockAvailabilityChanged).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockAvailabilityChanged {
    /// Id of the stock, distinct from that of a product, whose id may be that of its
    /// only variant.
    #[schema(examples("stock_var_01h455vb4pex5vsknk084sn02q"))]
    pub stock_id: String,
    /// Id of the variant.
    pub variant_id: VariantId,
    /// Id of the product.
    pub product_id: ProductId,
    /// Availability after the change.
    #[schema(value_type = Availability)]
    pub availability: Open<Availability>,
}
