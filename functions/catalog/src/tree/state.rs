//! The tree as the state of its log ([`shared::journal`]): the locations of its items,
//! and the lines of a snapshot.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    id::CategoryId,
    journal::{Layout, Parts, State, UnknownChange, lines},
    table::schema,
    text::{Slug, Title},
    vocabulary::{CategoryStatus, Open},
};

use super::{Audience, Node, Rank, Tree, TreeChange};
use crate::operations;

/// Number of children of a deleted category in one line of a snapshot.
const LEFT_BEHIND: usize = 100;

/// The texts of a part of a snapshot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TreePart {
    /// A line for each category, in the tree's order, so each comes after its parent.
    lines: String,
    /// Lines of the children of deleted categories whose items are not settled yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    left_behind: String,
}

/// A category, without field names, as there are many.
#[derive(Serialize, Deserialize)]
struct Line(CategoryId, Option<CategoryId>, Rank, Title, Slug, Open<CategoryStatus>, u64, bool);

/// A deleted category, and some of its children.
#[derive(Serialize, Deserialize)]
struct LeftBehind(CategoryId, Vec<CategoryId>);

impl State for Tree {
    type Change = TreeChange;
    type Part = TreePart;

    const LAYOUT: Layout = Layout {
        name: "the tree",
        entry: ("tree_log_entry", schema::tree_log),
        snapshot: ("tree_snapshot", schema::tree_snapshot),
        part: ("tree_snapshot_part", schema::tree_snapshot_part),
        follow: &operations::FOLLOW_TREE,
        get_snapshot: &operations::GET_SNAPSHOT,
        list_snapshot: &operations::LIST_SNAPSHOT,
        put_snapshot_part: &operations::PUT_SNAPSHOT_PART,
        put_snapshot: &operations::PUT_SNAPSHOT,
        remove_snapshot: &operations::REMOVE_SNAPSHOT,
    };

    fn apply(&mut self, change: TreeChange) -> Result<(), UnknownChange> {
        self.change(change)
    }

    fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
        for (_, id) in self.walk(None, None, None, Audience::Administrators).into_iter().flatten() {
            let Some(node) = self.get(id).cloned() else { continue };
            let Node { parent, rank, name, slug, status, version, populated } = node;
            let line = Line(id, parent, rank, name, slug, status, version, populated);
            parts.line(&line, |part| &mut part.lines)?;
        }
        for (gone, children) in &self.left_behind {
            let children: Vec<CategoryId> = children.iter().copied().collect();
            for children in children.chunks(LEFT_BEHIND) {
                parts.line(&LeftBehind(*gone, children.to_vec()), |part| &mut part.left_behind)?;
            }
        }
        Ok(())
    }

    fn restore(parts: &[TreePart]) -> Result<Self, Failure> {
        let mut tree = Self::default();
        for line in parts.iter().flat_map(|part| lines(&part.lines)) {
            let Line(id, parent, rank, name, slug, status, version, populated) = line?;
            tree.insert(id, Node { parent, rank, name, slug, status, version, populated });
        }
        for line in parts.iter().flat_map(|part| lines(&part.left_behind)) {
            let LeftBehind(gone, children) = line?;
            tree.left_behind.entry(gone).or_default().extend(children);
        }
        Ok(tree)
    }
}
