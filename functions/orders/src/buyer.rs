//! A person as this group knows them: whether they may order, which `user.*` tells, and
//! what their orders hold of the stock.
//!
//! Both stand on one item, which an order reads anyway. The write that reserves goods
//! replaces it in the version that was read, so the limits hold whoever orders at the
//! same time, and so do the status and the confirmation of the address.

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
    /// True if the account's address is confirmed; none where an earlier release has
    /// written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Goods that each reserved order holds. An order of an earlier release has none.
    #[serde(default, rename = "held", skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<OrderId, Hold>,
}

/// Goods that a reserved order holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// End of the reservation.
    pub until: Timestamp,
    /// Quantity of each variant.
    #[serde(rename = "of")]
    pub quantities: BTreeMap<VariantId, u32>,
}

/// Time after the end of a reservation for which it still counts: the sweeper takes a
/// minute. A hold that is older belongs to an order that an earlier release has ended,
/// which does not know of holds.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// The most that an account may hold reserved.
#[derive(Debug, Clone, Copy)]
pub struct HoldLimits {
    /// Orders.
    pub orders: ReservedOrders,
    /// Quantity of one SKU, in all orders together.
    pub quantity: u32,
}

/// Number of orders that an account may hold reserved: 1 to 100, as the buyer's item
/// has what each of them holds.
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

/// A refusal to hold more for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMuchHeld {
    /// The limits.
    pub orders: u32,
    /// Lines of which the account would hold too much; none where it has too many orders.
    pub lines: Vec<HeldLine>,
}

/// A line of which an account would hold too much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldLine {
    /// SKU.
    pub sku: Sku,
    /// Requested quantity.
    pub requested: u32,
    /// Quantity that other orders of the account hold.
    pub reserved: u32,
    /// The most that the account may hold.
    pub limit: u32,
}

impl Buyer {
    /// An account of which no event has come yet.
    pub fn unknown(user_id: UserId) -> Self {
        Self {
            user_id,
            user_version: 0,
            status: BuyerStatus::Active.into(),
            email_verified: None,
            holds: BTreeMap::new(),
        }
    }

    /// True if the account's address is confirmed. Accounts that are known from an
    /// earlier release only count as confirmed: else nobody could order after an update
    /// until something in their account changes. An account that is not known yet is not
    /// confirmed.
    pub fn has_confirmed_email(&self) -> bool {
        self.email_verified.unwrap_or(self.user_version > 0)
    }

    /// The buyer while `order` is as it is, whatever it held before. Only more than
    /// before is refused: limits that were lowered keep nobody from ordering less.
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

    /// The buyer once an order holds nothing any more.
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
