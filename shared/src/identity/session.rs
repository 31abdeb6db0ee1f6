//! A signed-in device.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{SessionId, UserId},
    table::{
        item::Entity,
        schema::{self, Key},
    },
};

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Which refresh token is the newest: each refresh counts one up.
    pub counter: u32,
    /// The account's generation when the session began.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// What the device says that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Where it last came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// When its owner last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub used_at: Timestamp,
    /// When it ends if it is not refreshed before. The item's TTL attribute is
    /// made of it, and has the name `expires_at` itself.
    pub ends_at: Timestamp,
}

impl Entity for Session {
    const TYPE: &'static str = "session";

    fn key(&self) -> Key {
        schema::session(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}
