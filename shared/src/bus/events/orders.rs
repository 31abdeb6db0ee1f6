//! The events of orders. Each carries the whole order but for what is personal:
//! the address and the note.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{OrderId, ProductId, UserId},
    money::Money,
    text::Sku,
    vocabulary::{Open, OrderStatus, PaymentStatus},
};

/// What others know of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderState {
    /// The order.
    pub order_id: OrderId,
    /// Who has ordered.
    pub user_id: UserId,
    /// How far it is.
    #[schema(value_type = OrderStatus)]
    pub status: Open<OrderStatus>,
    /// What has become of its money.
    #[schema(value_type = PaymentStatus)]
    pub payment_status: Open<PaymentStatus>,
    /// What all of it costs.
    pub total: Money,
    /// What is ordered: each sku once.
    pub lines: Vec<OrderedLine>,
}

/// What others know of a line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderedLine {
    /// What is ordered.
    pub sku: Sku,
    /// The product that it was of.
    pub product_id: ProductId,
    /// How many.
    pub quantity: u32,
    /// What they cost together, in minor units of the total's currency.
    pub line_total: i64,
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
