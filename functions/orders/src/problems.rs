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
    plan::{Changed, Short, SkuSeller},
    transitions::allowed,
};

/// An order of a blocked account.
pub(crate) const BUYER_BLOCKED: Named =
    Named::new(403, "buyer_blocked", "This account is not allowed to place orders.").explained(
        "An administrator has blocked the account, and a blocked account cannot place orders.",
        "Ask an administrator to set the account's status to `active`.",
    );
/// A confirmation of an order whose buyer is deleted.
pub(crate) const BUYER_DELETED: Named =
    Named::new(409, "buyer_deleted", "The account that placed this order is deleted.").explained(
        "The account was deleted after it placed the order.",
        "Cancel the order; its reservation is released.",
    );
/// An order of an account whose address is not confirmed, where that is required.
pub(crate) const EMAIL_NOT_CONFIRMED: Named =
    Named::new(403, "email_not_confirmed", "The email address of this account is not confirmed.").explained(
        "Orders need a confirmed email address, and learn of its confirmation some seconds later. Organisations answer `email_not_verified` for the same reason.",
        "Follow the link in the confirmation email, or request another with `POST /api/v1/auth/email-verification-request`.",
    );
/// See [`Shortage`].
const INSUFFICIENT_STOCK: Named =
    Named::new(409, "insufficient_stock", "There is not enough available stock for this request.").explained(
    "Fewer units are available than a line orders. `lines` has each such line with the available quantity. Nothing was reserved.",
    "Reduce the quantities or remove the lines, and order again with a new `Idempotency-Key`.",
);
/// A repeated request whose order is deleted.
pub(crate) const ORDER_DELETED: Named =
    Named::new(409, "order_deleted", "The order with this Idempotency-Key is deleted.").explained(
        "The key placed an order earlier, and that order is deleted. A key belongs to its order permanently.",
        "Use a new `Idempotency-Key` to place another order.",
    );
/// See [`NotAllowed`].
const ORDER_INVALID_TRANSITION: Named =
    Named::new(409, "order_invalid_transition", "The order cannot change to the requested status.").explained(
    "The order's status does not allow the command. `order_status` has the status and `allowed` the statuses that can follow.",
    "Get the order, and send a command that its status allows.",
);
/// A change of lines, address or note after confirmation or expiry.
pub(crate) const ORDER_NOT_RESERVED: Named =
    Named::new(409, "order_not_reserved", "Only a reserved order can be changed.").explained(
    "The order is confirmed, expired or cancelled. Lines, address and note can change only while it is `reserved`.",
    "Place a new order, or cancel this one first.",
);
/// A deletion of an order that is paid and not delivered.
pub(crate) const ORDER_OWED: Named =
    Named::new(409, "order_owed", "This order is confirmed or fulfilled: complete or refund it first.")
        .explained(
            "The order is paid, and neither completed nor refunded.",
            "Complete the order or refund it, and delete it afterwards.",
        );
/// See [`HoldLimit`].
const RESERVATION_LIMIT: Named = Named::new(
    409,
    "reservation_limit",
    "The account has as many reservations as allowed: confirm or cancel an order first.",
)
.explained(
    "The reserved orders of an account have a maximum number, and a maximum quantity of each SKU. \
     `lines` has the lines above the maximum; it is empty if the number of orders is the reason. Nothing was reserved.",
    "Confirm or cancel a reserved order, or wait until it expires. Then order again with a new `Idempotency-Key`.",
);
/// See [`PriceChanges`].
const PRICE_CHANGED: Named = Named::new(409, "price_changed", "The price of a line differs from the expected price.").explained(
    "The price of a line differs from its `expected_unit_price`. `lines` has the present prices. Nothing was reserved.",
    "Show the present price to the customer, and order again with it and a new `Idempotency-Key`.",
);

/// See [`SeveralSellers`].
const SEVERAL_SELLERS: Named =
    Named::new(409, "several_sellers", "The lines of an order must have one seller.").explained(
        "The order has lines of several sellers, or a line of another seller than the order. `lines` has the seller of each SKU. Nothing was reserved.",
        "Place one order for each seller, each with an `Idempotency-Key` of its own.",
    );

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

/// Limit of an account's reservations, and the lines beyond it.
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
            "description": "With `reservation_limit`: maximum number of reserved orders of an account.",
            "examples": [10],
        });
        members
    }
}

/// Lines of several sellers.
#[derive(Debug)]
pub struct SeveralSellers(pub(crate) Vec<SkuSeller>);

impl Refusal for SeveralSellers {
    const NAMED: Named = SEVERAL_SELLERS;

    fn explain(self, problem: Problem) -> Problem {
        problem.member("lines", json!(self.0))
    }

    fn members() -> Value {
        lines()
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
                With `several_sellers`: each SKU with its `seller`. \
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
