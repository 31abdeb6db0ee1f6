//! What can happen to the tree. Changes are applied, never judged, here: they
//! stand in the log because they were right when they were written there, and
//! every reader makes the same of them.

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
    /// A new category.
    Create {
        /// Which.
        id: CategoryId,
        /// What it stands in.
        parent: Option<CategoryId>,
        /// Where there.
        rank: Rank,
        /// What it is called.
        name: Title,
        /// Its name in paths.
        slug: Slug,
        /// Whether it is shown.
        status: Open<CategoryStatus>,
    },
    /// It is called otherwise, is shown otherwise, or something else of it that
    /// the tree does not know is another.
    Update {
        /// Which.
        id: CategoryId,
        /// What it is called.
        name: Title,
        /// Its name in paths.
        slug: Slug,
        /// Whether it is shown.
        status: Open<CategoryStatus>,
    },
    /// It stands elsewhere, with all below it.
    Move {
        /// Which.
        id: CategoryId,
        /// What it stands in now.
        parent: Option<CategoryId>,
        /// Where there.
        rank: Rank,
    },
    /// It is gone, and all below it.
    Cascade {
        /// Which.
        id: CategoryId,
    },
    /// It is gone; what was in it is behind its siblings now.
    Dissolve {
        /// Which.
        id: CategoryId,
    },
    /// It has its first product.
    Populate {
        /// Which.
        id: CategoryId,
    },
    /// The items of some that were in it, and it is gone, say what became of them.
    Settle {
        /// Which is gone.
        id: CategoryId,
        /// What was in it.
        children: Vec<CategoryId>,
    },
    /// A change of a kind that a later release wrote.
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
        // Its products go where its children went.
        if let Some(parent) = gone.parent.and_then(|parent| self.nodes.get_mut(&parent)) {
            parent.populated |= gone.populated;
        }
    }

    /// Keeps in mind what was in a category that is gone.
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
