//! The problems of this group, with their members.

use serde_json::{Value, json};
use shared::{
    http::{
        Problem,
        problem::{Named, Refusal},
    },
    vocabulary::{Open, OrderStatus},
};

use crate::{
    buyer::TooMuchHeld,
    plan::{Changed, Short},
    transitions::allowed,
};

/// An order of a blocked account.
pub(crate) const BUYER_BLOCKED: Named =
    Named::new(403, "buyer_blocked", "This account is not allowed to place orders.");
/// A confirmation of an order whose buyer is deleted.
pub(crate) const BUYER_DELETED: Named =
    Named::new(409, "buyer_deleted", "The account that placed this order is deleted.");
/// An order of an account whose address is not confirmed, where that is required.
pub(crate) const EMAIL_NOT_CONFIRMED: Named =
    Named::new(403, "email_not_confirmed", "The e-mail address of this account is not confirmed.");
/// See [`Shortage`].
const INSUFFICIENT_STOCK: Named =
    Named::new(409, "insufficient_stock", "There is not enough available stock for this request.");
/// A repeated request whose order is deleted.
pub(crate) const ORDER_DELETED: Named =
    Named::new(409, "order_deleted", "The order with this Idempotency-Key is deleted.");
/// See [`NotAllowed`].
const ORDER_INVALID_TRANSITION: Named =
    Named::new(409, "order_invalid_transition", "The order cannot change to the requested status.");
/// A change of lines, address or note after confirmation or expiry.
pub(crate) const ORDER_NOT_RESERVED: Named =
    Named::new(409, "order_not_reserved", "Only a reserved order can be changed.");
/// A deletion of an order that is paid and not delivered.
pub(crate) const ORDER_OWED: Named =
    Named::new(409, "order_owed", "This order is confirmed or fulfilled: complete or refund it first.");
/// See [`HoldLimit`].
const RESERVATION_LIMIT: Named = Named::new(
    409,
    "reservation_limit",
    "This account holds as much reserved as it may: confirm or cancel an order first.",
);
/// See [`PriceChanges`].
const PRICE_CHANGED: Named =
    Named::new(409, "price_changed", "The price of a line differs from the expected price.");

/// Lines with insufficient stock.
#[derive(Debug)]
pub struct Shortage(pub(crate) Vec<Short>);

impl Refusal for Shortage {
    const NAMED: Named = INSUFFICIENT_STOCK;

    fn explain(self, problem: Problem) -> Problem {
        problem.member("lines", json!(self.0))
    }

    fn members() -> Value {
        lines()
    }
}

/// The most that an account may hold reserved, and lines that are beyond it.
#[derive(Debug)]
pub struct HoldLimit(pub(crate) TooMuchHeld);

impl Refusal for HoldLimit {
    const NAMED: Named = RESERVATION_LIMIT;

    fn explain(self, problem: Problem) -> Problem {
        let TooMuchHeld { orders, lines } = self.0;
        problem.member("max_reserved_orders", json!(orders)).member("lines", json!(lines))
    }

    fn members() -> Value {
        let mut members = lines();
        members["max_reserved_orders"] = json!({
            "type": "integer",
            "description": "With `reservation_limit`: the number of orders that an account may hold reserved.",
            "examples": [10],
        });
        members
    }
}

/// Lines whose price differs from the expected one.
#[derive(Debug)]
pub struct PriceChanges(pub(crate) Vec<Changed>);

impl Refusal for PriceChanges {
    const NAMED: Named = PRICE_CHANGED;

    fn explain(self, problem: Problem) -> Problem {
        problem.member("lines", json!(self.0))
    }

    fn members() -> Value {
        lines()
    }
}

fn lines() -> Value {
    json!({
        "lines": {
            "type": "array",
            "description": "With `insufficient_stock`, `price_changed` and `reservation_limit`: affected lines. \
                With `insufficient_stock`, customers are told at most the low-stock threshold as `available`, \
                administrators the exact quantity.",
            "items": { "type": "object" },
        },
    })
}

/// The status of an order that cannot make a transition.
#[derive(Debug)]
pub struct NotAllowed(pub(crate) Open<OrderStatus>);

impl Refusal for NotAllowed {
    const NAMED: Named = ORDER_INVALID_TRANSITION;

    fn explain(self, problem: Problem) -> Problem {
        let allowed: Vec<OrderStatus> = allowed(&self.0).collect();
        problem.member("order_status", json!(self.0)).member("allowed", json!(allowed))
    }

    fn members() -> Value {
        json!({
            "order_status": {
                "type": "string",
                "description": "With `order_invalid_transition`: current status of the order.",
                "examples": ["cancelled"],
            },
            "allowed": {
                "type": "array",
                "description": "With `order_invalid_transition`: statuses that the order can change to.",
                "items": { "type": "string" },
            },
        })
    }
}
