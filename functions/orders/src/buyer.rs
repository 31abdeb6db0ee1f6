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
    pub enum BuyerStatus {
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
pub struct Buyer {
    /// Account.
    pub user_id: UserId,
    /// The version of the account that this is known from.
    pub user_version: u64,
    /// Status.
    pub status: Open<BuyerStatus>,
}

impl Entity for Buyer {
    const TYPE: &'static str = "buyer";

    fn key(&self) -> Key {
        schema::buyer(self.user_id)
    }
}
