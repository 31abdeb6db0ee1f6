//! Replica of accounts: the permission of a customer to order. Fed by `user.*`.

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
}

impl Entity for Buyer {
    const TYPE: &'static str = "buyer";

    fn key(&self) -> Key {
        schema::buyer(self.user_id)
    }
}
