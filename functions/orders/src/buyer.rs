//! Customer: permission to order, replicated from `user.*`, and the reservations of each
//! order.
//!
//! Both are one item, which an order reads anyway. The write that reserves goods replaces
//! it in the version that was read. So the limits, the status and the confirmation of the
//! address are exact for simultaneous orders.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{OrderId, UserId, VariantId},
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::Sku,
    vocabulary,
    vocabulary::{Open, OrderStatus},
};

use crate::order::{Line, Order};

vocabulary! {
    /// Permission of a customer to order.
    pub enum BuyerStatus {
        /// May order.
        Active = "active",
        /// The account is blocked by an administrator.
        Blocked = "blocked",
        /// The account is deleted.
        Deleted = "deleted",
    }
}

/// A customer with the permission to order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Buyer {
    /// Account.
    pub user_id: UserId,
    /// Version of the account in the event.
    pub user_version: u64,
    /// Status.
    pub status: Open<BuyerStatus>,
    /// True if the account's address is confirmed; none for an item of an earlier release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Reservation of each reserved order. Orders of earlier releases have none.
    #[serde(default, rename = "held", skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<OrderId, Hold>,
}

/// Reservation of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// End of the reservation.
    pub until: Timestamp,
    /// Quantity of each variant.
    #[serde(rename = "of")]
    pub quantities: BTreeMap<VariantId, u32>,
}

/// Time after its end for which a reservation still counts: the sweeper takes a minute. An
/// older one belongs to an order that an earlier release has ended without removing it.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// Limits of the reservations of an account.
#[derive(Debug, Clone, Copy)]
pub struct HoldLimits {
    /// Number of orders.
    pub orders: ReservedOrders,
    /// Quantity of one SKU, in all orders together.
    pub quantity: u32,
}

/// Maximum number of reserved orders of an account: 1 to 100, because the customer's item
/// has the reservation of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReservedOrders(pub u32);

impl FromStr for ReservedOrders {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(orders @ 1..=100) => Ok(Self(orders)),
            Ok(_) | Err(_) => Err("is no number from 1 to 100"),
        }
    }
}

/// Reservations beyond the limits of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMuchHeld {
    /// Maximum number of reserved orders.
    pub orders: u32,
    /// Lines beyond the limit; empty if the number of orders is the reason.
    pub lines: Vec<HeldLine>,
}

/// Line beyond the limit of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldLine {
    /// SKU.
    pub sku: Sku,
    /// Requested quantity.
    pub requested: u32,
    /// Quantity that other orders of the account reserve.
    pub reserved: u32,
    /// Limit.
    pub limit: u32,
}

impl Buyer {
    /// Customer before the first event of the account.
    pub fn unknown(user_id: UserId) -> Self {
        Self {
            user_id,
            user_version: 0,
            status: BuyerStatus::Active.into(),
            email_verified: None,
            holds: BTreeMap::new(),
        }
    }

    /// True if the account's address is confirmed. An item of an earlier release counts as
    /// confirmed: otherwise no existing customer could order after an update before their
    /// account changes. An account without an event is not confirmed.
    pub fn has_confirmed_email(&self) -> bool {
        self.email_verified.unwrap_or(self.user_version > 0)
    }

    /// The customer with the reservation of `order`, in place of an earlier one. Only an
    /// increase is refused: a lowered limit prevents no reduction.
    pub fn holding(&self, order: &Order, limits: HoldLimits, now: Timestamp) -> Result<Self, TooMuchHeld> {
        let mut after = self.releasing(order.id, now);
        if order.card.status != OrderStatus::Reserved {
            return Ok(after);
        }
        let before = self.holds.get(&order.id);
        let HoldLimits { orders: ReservedOrders(orders), quantity: limit } = limits;
        if before.is_none() && after.holds.len() >= usize::try_from(orders).unwrap_or(usize::MAX) {
            return Err(TooMuchHeld { orders, lines: Vec::new() });
        }
        let lines = order.lines.iter().filter_map(|line| {
            let (variant, requested) = (line.variant(), line.quantity());
            let had = before.and_then(|hold| hold.quantities.get(&variant)).copied().unwrap_or_default();
            let others = after.holds.values().filter_map(|hold| hold.quantities.get(&variant));
            let reserved = others.fold(0_u32, |sum, quantity| sum.saturating_add(*quantity));
            let is_too_much = requested > had && reserved.saturating_add(requested) > limit;
            is_too_much.then(|| HeldLine { sku: line.sku.clone(), requested, reserved, limit })
        });
        let lines: Vec<HeldLine> = lines.collect();
        if !lines.is_empty() {
            return Err(TooMuchHeld { orders, lines });
        }
        let quantities = order.lines.iter().map(|line| (line.variant(), Line::quantity(line))).collect();
        after.holds.insert(order.id, Hold { until: order.reserved_until, quantities });
        Ok(after)
    }

    /// The customer without the reservation of an order.
    #[must_use]
    pub fn releasing(&self, order: OrderId, now: Timestamp) -> Self {
        let mut after = self.clone();
        after.holds.retain(|id, hold| *id != order && now < hold.until + FORGOTTEN);
        after
    }
}

impl Entity for Buyer {
    const TYPE: &'static str = "buyer";

    fn key(&self) -> Key {
        schema::buyer(self.user_id)
    }
}
