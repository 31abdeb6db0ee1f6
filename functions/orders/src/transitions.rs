//! What an order may become, and what that means to the stock: one table. What
//! is not in it is refused.

use shared::vocabulary::{Open, OrderStatus, PaymentStatus};

use crate::stock::StockChange;

/// A way from one status to another.
#[derive(Debug)]
pub struct Transition {
    /// Status before.
    pub from: OrderStatus,
    /// Status that the order gets.
    pub to: OrderStatus,
    /// What happens to the stock of every line.
    pub stock: Effect,
    /// What becomes of the money; `None`: nothing.
    pub payment: Option<PaymentStatus>,
}

/// What a transition does to the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// This.
    Always(StockChange),
    /// This, where whoever makes the transition says that the goods are back.
    IfRestocked(StockChange),
}

macro_rules! transitions {
    ($($from:ident => $to:ident: $stock:expr, $payment:expr;)+) => {
        /// Every transition that there is.
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

/// The way from one status to another, if there is one.
pub fn find(from: OrderStatus, to: OrderStatus) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|transition| transition.from == from && transition.to == to)
}

/// What an order of this status may become: nothing, where this release does not
/// know the status.
pub fn allowed(from: &Open<OrderStatus>) -> impl Iterator<Item = OrderStatus> {
    TRANSITIONS.iter().filter(move |transition| *from == transition.from).map(|transition| transition.to)
}
