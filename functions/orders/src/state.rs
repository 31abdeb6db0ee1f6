//! What the group's handlers share.

use std::{str::FromStr, time::Duration};

use shared::{
    group::Group,
    identity::{Require, permission::ManageOrders},
    vocabulary::LOW_STOCK,
};

use crate::{plan::StockPolicy, store::Store};

/// How long an order holds its goods, unless the template says otherwise.
pub const RESERVATION: Duration = Duration::from_mins(15);

shared::configuration! {
    /// What the group is told by the template.
    pub struct Config: group {
        /// How long an order holds its goods before it is confirmed.
        pub reservation: Reservation = "RESERVATION_MINUTES" or Reservation(RESERVATION),
        /// How many of a sku count as few.
        pub low_stock: u64 = "LOW_STOCK" or LOW_STOCK,
    }
}

/// How long an order holds its goods: 1 to 120 minutes.
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

/// Somebody who sees and does everything here.
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

    /// The policy of this group's configuration.
    pub(crate) fn policy<'a>(&self, pick: &'a (dyn Fn(usize) -> usize + Sync)) -> StockPolicy<'a> {
        StockPolicy { low: self.config.low_stock, pick }
    }

    /// A number below `count`, so that many who could take one of several things
    /// do not all take the first.
    pub(crate) fn pick(&self, count: usize) -> usize {
        let most = u64::try_from(count.saturating_sub(1)).unwrap_or(0);
        usize::try_from(self.context.random.up_to(most)).unwrap_or(0)
    }
}

shared::group_state!(Orders, Config);
