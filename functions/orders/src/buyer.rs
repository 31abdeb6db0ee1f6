//! What this group knows of a person: whether they may order. Fed by `user.*`.

use serde::{Deserialize, Serialize};
use shared::{
    id::UserId,
    table::{
        item::Entity,
        schema::{self, Key},
    },
    vocabulary,
    vocabulary::Open,
};

vocabulary! {
    /// Permission of a customer to order.
    pub(crate) enum BuyerStatus {
        /// They may.
        Active = "active",
        /// An administrator has blocked their account.
        Blocked = "blocked",
        /// Their account is deleted.
        Deleted = "deleted",
    }
}

/// Somebody who may order, or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Buyer {
    pub(crate) user_id: UserId,
    /// The version of the account that this is known from.
    pub(crate) user_version: u64,
    pub(crate) status: Open<BuyerStatus>,
}

impl Entity for Buyer {
    const TYPE: &'static str = "buyer";

    fn key(&self) -> Key {
        schema::buyer(self.user_id)
    }
}
