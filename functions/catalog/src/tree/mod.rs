//! The tree of categories, in memory: the children of each category, in order. It is
//! the state of a log ([`shared::journal`]): no two moves make a cycle, and no two
//! siblings share a slug, because each change is decided on the current tree.

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

/// A category as the tree knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it stands in; none at the top.
    pub parent: Option<CategoryId>,
    /// Where among its siblings.
    pub rank: Rank,
    /// What it is called.
    pub name: Title,
    /// Its name in paths: no sibling has the same.
    pub slug: Slug,
    /// Whether it is shown.
    pub status: Open<CategoryStatus>,
    /// Counts its own changes.
    pub version: u64,
    /// Whether it has ever had a product: where it has not, none is looked for.
    pub populated: bool,
}

shared::changes! { Node: name, slug, status; never parent, rank, version, populated }

/// All categories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: HashMap<CategoryId, Node>,
    children: HashMap<Option<CategoryId>, BTreeSet<(Rank, CategoryId)>>,
    /// What was in each category that is gone, as long as the items of these do
    /// not say what became of them. In order: who writes the same snapshot writes
    /// the same parts.
    left_behind: BTreeMap<CategoryId, BTreeSet<CategoryId>>,
}

impl Tree {
    /// The category `id`.
    pub fn get(&self, id: CategoryId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// How many categories there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What stands in `parent`, or at the top, in its order.
    pub fn children(&self, parent: Option<CategoryId>) -> impl DoubleEndedIterator<Item = CategoryId> {
        self.children.get(&parent).into_iter().flatten().map(|(_, id)| *id)
    }

    /// What was in `gone`, which is no category any more, and is still to be told
    /// what became of it.
    pub fn left_behind(&self, gone: CategoryId) -> impl Iterator<Item = CategoryId> {
        self.left_behind.get(&gone).into_iter().flatten().copied()
    }

    /// The categories above `id`, the nearest first.
    pub fn ancestors(&self, id: CategoryId) -> impl Iterator<Item = CategoryId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// How many categories are above `id`.
    pub fn level(&self, id: CategoryId) -> usize {
        self.ancestors(id).count()
    }

    fn parent(&self, id: CategoryId) -> Option<CategoryId> {
        self.get(id).and_then(|node| node.parent)
    }

    /// Whether `id` is `top` or below it.
    pub fn is_within(&self, id: CategoryId, top: CategoryId) -> bool {
        id == top || self.ancestors(id).any(|ancestor| ancestor == top)
    }

    /// The category at a path of slugs from the top.
    pub fn find_by_path(&self, path: &str) -> Option<CategoryId> {
        let mut found = None;
        for slug in path.trim_matches('/').split('/') {
            found = Some(self.find_by_slug(found, slug)?);
        }
        found
    }

    /// The category of a slug in `parent`.
    pub fn find_by_slug(&self, parent: Option<CategoryId>, slug: &str) -> Option<CategoryId> {
        self.children(parent).find(|id| self.get(*id).is_some_and(|node| node.slug.as_str() == slug))
    }

    /// A rank in `parent`: before the child `before`, or behind all.
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
