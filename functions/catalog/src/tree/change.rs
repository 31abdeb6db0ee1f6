//! Changes of the tree. Here they are applied and never checked: an entry of the log
//! was valid when it was written, and every reader must derive the same tree from it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    id::CategoryId,
    journal::UnknownChange,
    text::{Slug, Title},
    vocabulary::{CategoryStatus, Open},
};

use super::{Audience, Node, Rank, Tree};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreeChange {
    /// Creates a category.
    Create {
        /// Id.
        id: CategoryId,
        /// Parent.
        parent: Option<CategoryId>,
        /// Rank among its siblings.
        rank: Rank,
        /// Name.
        name: Title,
        /// Slug.
        slug: Slug,
        /// Status.
        status: Open<CategoryStatus>,
    },
    /// Changes its name, slug or status, or a field that is not in the tree.
    Update {
        /// Id.
        id: CategoryId,
        /// Name.
        name: Title,
        /// Slug.
        slug: Slug,
        /// Status.
        status: Open<CategoryStatus>,
    },
    /// Moves it with its subtree.
    Move {
        /// Id.
        id: CategoryId,
        /// New parent.
        parent: Option<CategoryId>,
        /// Rank among its siblings.
        rank: Rank,
    },
    /// Deletes it with its subtree.
    Cascade {
        /// Id.
        id: CategoryId,
    },
    /// Deletes it and moves its children to its parent, after their new siblings.
    Dissolve {
        /// Id.
        id: CategoryId,
    },
    /// Marks it as having had a product.
    Populate {
        /// Id.
        id: CategoryId,
    },
    /// Marks children of a deleted category as settled: their items are up to date.
    Settle {
        /// The deleted category.
        id: CategoryId,
        /// Its children.
        children: Vec<CategoryId>,
    },
    /// A change written by a later release.
    #[serde(untagged)]
    Unknown(Value),
}

impl Tree {
    pub(super) fn change(&mut self, change: TreeChange) -> Result<(), UnknownChange> {
        match change {
            TreeChange::Create { id, parent, rank, name, slug, status } => {
                self.insert(id, Node { parent, rank, name, slug, status, version: 1, populated: false });
            }
            TreeChange::Update { id, name, slug, status } => {
                if let Some(node) = self.nodes.get_mut(&id) {
                    (node.name, node.slug, node.status) = (name, slug, status);
                    node.version += 1;
                }
            }
            TreeChange::Move { id, parent, rank } => {
                if let Some(node) = self.remove(id) {
                    self.insert(id, Node { parent, rank, version: node.version + 1, ..node });
                }
            }
            TreeChange::Cascade { id } => {
                let below: Vec<_> = self.subtree(id, Audience::Administrators).collect();
                for id in below {
                    self.remove(id);
                    self.leave_behind(id);
                }
            }
            TreeChange::Dissolve { id } => self.dissolve(id),
            TreeChange::Populate { id } => {
                if let Some(node) = self.nodes.get_mut(&id) {
                    node.populated = true;
                }
            }
            TreeChange::Unknown(_) => return Err(UnknownChange),
            TreeChange::Settle { id, children } => {
                if let Some(left) = self.left_behind.get_mut(&id) {
                    left.retain(|child| !children.contains(child));
                    if left.is_empty() {
                        self.left_behind.remove(&id);
                    }
                }
            }
        }
        Ok(())
    }

    fn dissolve(&mut self, id: CategoryId) {
        let children: Vec<_> = self.children(Some(id)).collect();
        let Some(gone) = self.remove(id) else { return };
        self.leave_behind(id);
        for child in children {
            if let Some(node) = self.remove(child) {
                let rank = self.rank(gone.parent, None);
                self.insert(child, Node { parent: gone.parent, rank, version: node.version + 1, ..node });
            }
        }
        // Its products move with its children.
        if let Some(parent) = gone.parent.and_then(|parent| self.nodes.get_mut(&parent)) {
            parent.populated |= gone.populated;
        }
    }

    /// Keeps the children of a deleted category until they are settled.
    fn leave_behind(&mut self, gone: CategoryId) {
        if let Some(children) = self.children.remove(&Some(gone)) {
            self.left_behind.insert(gone, children.into_iter().map(|(_, id)| id).collect());
        }
    }

    pub(super) fn insert(&mut self, id: CategoryId, node: Node) {
        self.children.entry(node.parent).or_default().insert((node.rank.clone(), id));
        self.nodes.insert(id, node);
    }

    fn remove(&mut self, id: CategoryId) -> Option<Node> {
        let node = self.nodes.remove(&id)?;
        if let Some(siblings) = self.children.get_mut(&node.parent) {
            siblings.remove(&(node.rank.clone(), id));
            if siblings.is_empty() {
                self.children.remove(&node.parent);
            }
        }
        Some(node)
    }
}
