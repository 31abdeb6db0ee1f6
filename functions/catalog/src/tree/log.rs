//! The log of the tree: numbered changes without gaps. To write the next number
//! is to have seen all before; of two who try, one is refused, reads what the
//! other wrote, and judges anew. So no two moves make a cycle, and no two
//! siblings share a slug.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    table::{
        item::Entity,
        schema::{self, Key},
    },
};

use super::{Tree, TreeChange};

/// What happened to the tree at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeLogEntry {
    /// Its place in the log.
    pub number: u64,
    /// JSON: it is read far more often than looked at.
    changes: String,
}

impl TreeLogEntry {
    /// The entry that comes after `tree`.
    pub fn after(tree: &Tree, changes: &[TreeChange]) -> Result<Self, Failure> {
        let changes = serde_json::to_string(changes).map_err(Failure::internal)?;
        Ok(Self { number: tree.number() + 1, changes })
    }

    /// What happened.
    pub fn changes(&self) -> Result<Vec<TreeChange>, Failure> {
        serde_json::from_str(&self.changes)
            .map_err(|_| Failure::internal("an entry of the tree's log does not fit its schema"))
    }
}

impl Entity for TreeLogEntry {
    const TYPE: &'static str = "tree_log_entry";

    fn key(&self) -> Key {
        schema::tree_log(self.number)
    }
}
