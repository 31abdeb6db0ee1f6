//! What this group knows of a person: whether they may order. Fed by `user.*`.

use serde::{Deserialize, Serialize};
use shared::{
    id::UserId,
    table::{
        item::Entity,
        schema::{self, Key},
    },
};

/// Whether somebody may order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BuyerStatus {
    /// They may.
    Active,
    /// An administrator has closed their account.
    Blocked,
    /// Their account is gone.
    Deleted,
}

/// Somebody who may order, or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Buyer {
    pub(crate) user_id: UserId,
    /// The version of the account that this is known from.
    pub(crate) user_version: u64,
    pub(crate) status: BuyerStatus,
}

impl Entity for Buyer {
    const TYPE: &'static str = "buyer";

    fn key(&self) -> Key {
        schema::buyer(self.user_id)
    }
}
