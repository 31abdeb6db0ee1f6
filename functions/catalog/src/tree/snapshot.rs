//! The tree as it was after a change, in parts that each fit into an item: where
//! an instance that starts begins to read.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::events::CategoryStatus,
    id::CategoryId,
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::{Slug, Title},
};

use super::{Audience, Node, Rank, Tree};

/// An item has 400 KB.
const PART_BYTES: usize = 300 * 1024;

/// The latest snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SnapshotHead {
    /// The last change in it.
    pub(super) number: u64,
    /// How many parts it has.
    pub(super) parts: u32,
}

impl Entity for SnapshotHead {
    const TYPE: &'static str = "tree_snapshot";

    fn key(&self) -> Key {
        schema::tree_snapshot()
    }
}

/// A part of a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SnapshotPart {
    number: u64,
    part: u32,
    /// A line a category, in the tree's order, so that each comes behind what it
    /// stands in.
    lines: String,
}

impl Entity for SnapshotPart {
    const TYPE: &'static str = "tree_snapshot_part";

    fn key(&self) -> Key {
        schema::tree_snapshot_part(self.number, self.part)
    }
}

/// A line: without names of fields, as there are many.
#[derive(Serialize, Deserialize)]
struct Line(CategoryId, Option<CategoryId>, Rank, Title, Slug, CategoryStatus, u64, bool);

/// The parts of a snapshot of `tree`; one at least.
pub(super) fn parts(tree: &Tree) -> Result<Vec<SnapshotPart>, Failure> {
    let mut parts: Vec<SnapshotPart> = Vec::new();
    let mut lines = String::new();
    let mut close = |lines: &mut String| {
        let part = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        parts.push(SnapshotPart { number: tree.number(), part, lines: std::mem::take(lines) });
    };
    for (_, id) in tree.walk(None, None, None, Audience::Administrators).into_iter().flatten() {
        let Some(node) = tree.get(id).cloned() else { continue };
        let Node { parent, rank, name, slug, status, version, populated } = node;
        let line = Line(id, parent, rank, name, slug, status, version, populated);
        lines.push_str(&serde_json::to_string(&line).map_err(Failure::internal)?);
        lines.push('\n');
        if lines.len() > PART_BYTES {
            close(&mut lines);
        }
    }
    close(&mut lines);
    Ok(parts)
}

/// The tree of a snapshot's parts.
pub(super) fn restore(number: u64, parts: &[SnapshotPart]) -> Result<Tree, Failure> {
    let mut tree = Tree { number, ..Tree::default() };
    for line in parts.iter().flat_map(|part| part.lines.lines()) {
        let Line(id, parent, rank, name, slug, status, version, populated) = serde_json::from_str(line)
            .map_err(|_| Failure::internal("a snapshot of the tree does not fit its schema"))?;
        tree.insert(id, Node { parent, rank, name, slug, status, version, populated });
    }
    Ok(tree)
}
