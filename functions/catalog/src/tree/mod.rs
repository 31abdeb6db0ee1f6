//! The category tree, in memory: the children of each category, in order. It is the
//! state of a log ([`shared::journal`]): no two moves make a cycle, and no two siblings
//! share a slug, because each change is decided on the current tree.

mod change;
mod order;
mod rank;
mod state;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::{
    id::CategoryId,
    journal,
    text::{Slug, Title},
    vocabulary::{CategoryStatus, Open},
};

pub use self::{
    change::TreeChange,
    order::{Audience, Walk},
    rank::Rank,
};

/// An entry of the tree's log.
pub type TreeLogEntry = journal::Entry<Tree>;
/// The tree of a warm function.
pub type TreeKeeper = journal::Keeper<Tree>;
/// Result of an attempt to change the tree.
pub type Committed<T> = journal::Committed<Tree, T>;

/// A category in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Parent; `None` at the top level.
    pub parent: Option<CategoryId>,
    /// Rank among its siblings.
    pub rank: Rank,
    /// Name.
    pub name: Title,
    /// Slug, unique among its siblings.
    pub slug: Slug,
    /// Status.
    pub status: Open<CategoryStatus>,
    /// Number of its changes.
    pub version: u64,
    /// True if it has ever had a product: without one, its list is not read.
    pub populated: bool,
}

shared::changes! { Node: name, slug, status; never parent, rank, version, populated }

/// All categories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: HashMap<CategoryId, Node>,
    children: HashMap<Option<CategoryId>, BTreeSet<(Rank, CategoryId)>>,
    /// Children of each deleted category whose items are not settled yet. Ordered: all
    /// writers of a snapshot write the same parts.
    left_behind: BTreeMap<CategoryId, BTreeSet<CategoryId>>,
}

impl Tree {
    /// The category `id`.
    pub fn get(&self, id: CategoryId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// Number of categories.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True without categories.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Children of `parent`, or of the top level, in order.
    pub fn children(&self, parent: Option<CategoryId>) -> impl DoubleEndedIterator<Item = CategoryId> {
        self.children.get(&parent).into_iter().flatten().map(|(_, id)| *id)
    }

    /// Children of the deleted category `gone` that are not settled yet.
    pub fn left_behind(&self, gone: CategoryId) -> impl Iterator<Item = CategoryId> {
        self.left_behind.get(&gone).into_iter().flatten().copied()
    }

    /// Ancestors of `id`, the nearest first.
    pub fn ancestors(&self, id: CategoryId) -> impl Iterator<Item = CategoryId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// Number of ancestors of `id`.
    pub fn level(&self, id: CategoryId) -> usize {
        self.ancestors(id).count()
    }

    fn parent(&self, id: CategoryId) -> Option<CategoryId> {
        self.get(id).and_then(|node| node.parent)
    }

    /// True if `id` is `top` or in its subtree.
    pub fn is_within(&self, id: CategoryId, top: CategoryId) -> bool {
        id == top || self.ancestors(id).any(|ancestor| ancestor == top)
    }

    /// Finds the category at a path of slugs from the top level.
    pub fn find_by_path(&self, path: &str) -> Option<CategoryId> {
        let mut found = None;
        for slug in path.trim_matches('/').split('/') {
            found = Some(self.find_by_slug(found, slug)?);
        }
        found
    }

    /// Finds the category of a slug in `parent`.
    pub fn find_by_slug(&self, parent: Option<CategoryId>, slug: &str) -> Option<CategoryId> {
        self.children(parent).find(|id| self.get(*id).is_some_and(|node| node.slug.as_str() == slug))
    }

    /// A rank in `parent`: before the child `before`, or after all.
    pub fn rank(&self, parent: Option<CategoryId>, before: Option<CategoryId>) -> Rank {
        let siblings = self.children.get(&parent);
        let Some(next) = before.and_then(|id| self.get(id)).map(|node| &node.rank) else {
            let last = siblings.and_then(BTreeSet::last).map(|(rank, _)| rank);
            return Rank::between(last, None);
        };
        let previous =
            siblings.into_iter().flatten().map(|(rank, _)| rank).take_while(|rank| *rank < next).last();
        Rank::between(previous, Some(next))
    }
}
