//! Allowed transitions of an order, and their effects on the stock: one table. A
//! transition that is not in it is refused.

use shared::vocabulary::{Open, OrderStatus, PaymentStatus};

use crate::stock::StockChange;

/// A transition from one status to another.
#[derive(Debug)]
pub struct Transition {
    /// Status before.
    pub from: OrderStatus,
    /// New status.
    pub to: OrderStatus,
    /// Effect on the stock of every line.
    pub stock: Effect,
    /// New payment status; `None` keeps it.
    pub payment: Option<PaymentStatus>,
}

/// Effect of a transition on the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Always this change.
    Always(StockChange),
    /// This change, if the caller restocks the goods.
    IfRestocked(StockChange),
}

macro_rules! transitions {
    ($($from:ident => $to:ident: $stock:expr, $payment:expr;)+) => {
        /// All transitions.
        pub const TRANSITIONS: &[Transition] = &[$(Transition {
            from: OrderStatus::$from,
            to: OrderStatus::$to,
            stock: $stock,
            payment: $payment,
        }),+];
    };
}

transitions! {
    Reserved => Confirmed: Effect::Always(StockChange::Sell), Some(PaymentStatus::Paid);
    Confirmed => Fulfilled: Effect::None, None;
    Fulfilled => Completed: Effect::None, None;
    Reserved => Expired: Effect::Always(StockChange::Release), None;
    Reserved => Cancelled: Effect::Always(StockChange::Release), None;
    Confirmed => Cancelled: Effect::Always(StockChange::Return), Some(PaymentStatus::Refunded);
    Expired => Confirmed: Effect::Always(StockChange::SellAvailable), Some(PaymentStatus::Paid);
    Confirmed => Refunded: Effect::Always(StockChange::Return), Some(PaymentStatus::Refunded);
    Fulfilled => Refunded: Effect::IfRestocked(StockChange::Return), Some(PaymentStatus::Refunded);
}

/// The transition from one status to another, if it is allowed.
pub fn find(from: OrderStatus, to: OrderStatus) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|transition| transition.from == from && transition.to == to)
}

/// True if the transition sells available stock: that of the reservation is released.
pub fn sells_available(from: &Open<OrderStatus>, to: OrderStatus) -> bool {
    let transition = from.known().and_then(|from| find(from, to));
    transition.is_some_and(|found| found.stock == Effect::Always(StockChange::SellAvailable))
}

/// Statuses that an order of this status can change to; none for a status that this
/// release does not know.
pub fn allowed(from: &Open<OrderStatus>) -> impl Iterator<Item = OrderStatus> {
    TRANSITIONS.iter().filter(move |transition| *from == transition.from).map(|transition| transition.to)
}
