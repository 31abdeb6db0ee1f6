//! State that the group's handlers share.

use std::{str::FromStr, time::Duration};

use shared::{
    group::Group,
    identity::{Caller, Permission, Require, permission::ManageOrders},
    vocabulary::LOW_STOCK,
};

use crate::{
    buyer::{HoldLimits, ReservedOrders},
    placing::Terms,
    plan::StockPolicy,
    store::Store,
};

/// Default time of a reservation.
pub const RESERVATION: Duration = Duration::from_mins(15);

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// Time of a reservation before the order is confirmed.
        pub reservation: Reservation = "RESERVATION_MINUTES" or Reservation(RESERVATION),
        /// Low-stock threshold: greatest number of a SKU that counts as low stock.
        pub low_stock: u64 = "LOW_STOCK" or LOW_STOCK,
        /// Maximum number of reserved orders of an account.
        pub reserved_orders: ReservedOrders = "RESERVED_ORDERS" or ReservedOrders(10),
        /// Maximum reserved quantity of one SKU of an account.
        pub reserved_quantity: u32 = "RESERVED_QUANTITY" or 100,
        /// True if only accounts with a confirmed address may order.
        pub require_confirmed_email: bool = "REQUIRE_CONFIRMED_EMAIL" or true,
    }
}

/// Time of a reservation: 1 to 120 minutes.
#[derive(Debug, Clone, Copy)]
pub struct Reservation(pub Duration);

impl FromStr for Reservation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(minutes @ 1..=120) => Ok(Self(Duration::from_mins(minutes))),
            Ok(_) | Err(_) => Err("is no number of minutes from 1 to 120"),
        }
    }
}

/// A caller who may see and manage all orders.
pub(crate) type Manager = Require<ManageOrders>;

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    group: Group<Config>,
    pub(crate) store: Store,
}

impl Orders {
    pub(crate) fn new(group: Group<Config>) -> Self {
        Self { store: Store::new(group.table.clone()), group }
    }

    /// Stock policy of this group's configuration, for a caller.
    pub(crate) fn policy<'a>(
        &self,
        caller: &Caller,
        pick: &'a (dyn Fn(usize) -> usize + Sync),
    ) -> StockPolicy<'a> {
        let low = self.config.low_stock;
        StockPolicy { low, told: if caller.may(Permission::ManageOrders) { u64::MAX } else { low }, pick }
    }

    /// Conditions on a buyer.
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            confirmed_email: self.config.require_confirmed_email,
            limits: HoldLimits {
                orders: self.config.reserved_orders,
                quantity: self.config.reserved_quantity,
            },
        }
    }

    /// A number below `count`, so that concurrent callers with the same choice do not
    /// all take the first.
    pub(crate) fn pick(&self, count: usize) -> usize {
        let most = u64::try_from(count.saturating_sub(1)).unwrap_or(0);
        usize::try_from(self.context.random.up_to(most)).unwrap_or(0)
    }
}

shared::group_state!(Orders, Config);
