//! The events of orders. Each carries the whole order but for what is personal:
//! the address and the note.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{OrderId, ProductId, UserId},
    money::Money,
    text::Sku,
};

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// Its goods are held for it, as long as `reserved_until`.
    Reserved,
    /// Its goods are sold.
    Confirmed,
    /// Its goods are on their way.
    Fulfilled,
    /// Nothing is left to be done.
    Completed,
    /// It was not confirmed in time; its goods are not held any more.
    Expired,
    /// It is called off.
    Cancelled,
    /// Its payment goes back.
    Refunded,
}

impl OrderStatus {
    /// Every status there is.
    pub const ALL: [Self; 7] = [
        Self::Reserved,
        Self::Confirmed,
        Self::Fulfilled,
        Self::Completed,
        Self::Expired,
        Self::Cancelled,
        Self::Refunded,
    ];
}

/// As it is written everywhere.
impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reserved => "reserved",
            Self::Confirmed => "confirmed",
            Self::Fulfilled => "fulfilled",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        })
    }
}

/// What has become of an order's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaymentStatus {
    /// Nobody has paid.
    Unpaid,
    /// Somebody has.
    Paid,
    /// It goes back to who has paid.
    Refunded,
}

/// What others know of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderState {
    /// The order.
    pub order_id: OrderId,
    /// Who has ordered.
    pub user_id: UserId,
    /// How far it is.
    pub status: OrderStatus,
    /// What has become of its money.
    pub payment_status: PaymentStatus,
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
