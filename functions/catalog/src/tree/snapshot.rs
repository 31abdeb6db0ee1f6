//! The tree as it was after a change, in parts that each fit into an item: where
//! an instance that starts begins to read.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    id::CategoryId,
    table::{
        item::{Entity, Reader},
        schema::{self, Key},
    },
    text::{Slug, Title},
    vocabulary::{CategoryStatus, Open},
};

use super::{Audience, Node, Rank, Tree};

/// An item has 400 KB.
const PART_BYTES: usize = 300 * 1024;

/// So many of what was in a category stand in a line.
const LEFT_BEHIND: usize = 100;

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
    /// Lines of those that were in a category that is gone, and are still to be
    /// told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    left_behind: String,
}

impl SnapshotPart {
    fn new(number: u64, part: u32) -> Self {
        Self { number, part, lines: String::new(), left_behind: String::new() }
    }
}

impl Entity for SnapshotPart {
    const TYPE: &'static str = "tree_snapshot_part";

    fn key(&self) -> Key {
        schema::tree_snapshot_part(self.number, self.part)
    }
}

/// Readers of the items of snapshots.
pub const SNAPSHOT_HEAD: Reader = Reader::of::<SnapshotHead>();
/// See [`SNAPSHOT_HEAD`].
pub const SNAPSHOT_PART: Reader = Reader::of::<SnapshotPart>();

/// A line: without names of fields, as there are many.
#[derive(Serialize, Deserialize)]
struct Line(CategoryId, Option<CategoryId>, Rank, Title, Slug, Open<CategoryStatus>, u64, bool);

/// A category that is gone, and some that were in it.
#[derive(Serialize, Deserialize)]
struct LeftBehind(CategoryId, Vec<CategoryId>);

/// The parts of a snapshot of `tree`; one at least.
pub(super) fn parts(tree: &Tree) -> Result<Vec<SnapshotPart>, Failure> {
    let mut parts = Parts { full: Vec::new(), open: SnapshotPart::new(tree.number(), 0) };
    for (_, id) in tree.walk(None, None, None, Audience::Administrators).into_iter().flatten() {
        let Some(node) = tree.get(id).cloned() else { continue };
        let Node { parent, rank, name, slug, status, version, populated } = node;
        let line = Line(id, parent, rank, name, slug, status, version, populated);
        parts.write(&line, |part| &mut part.lines)?;
    }
    for (gone, children) in &tree.left_behind {
        let children: Vec<CategoryId> = children.iter().copied().collect();
        for children in children.chunks(LEFT_BEHIND) {
            parts.write(&LeftBehind(*gone, children.to_vec()), |part| &mut part.left_behind)?;
        }
    }
    parts.full.push(parts.open);
    Ok(parts.full)
}

/// Parts that are being written.
struct Parts {
    full: Vec<SnapshotPart>,
    open: SnapshotPart,
}

impl Parts {
    fn write(
        &mut self,
        line: &impl Serialize,
        to: impl Fn(&mut SnapshotPart) -> &mut String,
    ) -> Result<(), Failure> {
        let SnapshotPart { number, part, lines, left_behind } = &self.open;
        if lines.len() + left_behind.len() > PART_BYTES {
            let next = SnapshotPart::new(*number, part + 1);
            self.full.push(std::mem::replace(&mut self.open, next));
        }
        let text = to(&mut self.open);
        text.push_str(&serde_json::to_string(line).map_err(Failure::internal)?);
        text.push('\n');
        Ok(())
    }
}

/// The tree of a snapshot's parts.
pub(super) fn restore(number: u64, parts: &[SnapshotPart]) -> Result<Tree, Failure> {
    let mut tree = Tree { number, ..Tree::default() };
    for line in parts.iter().flat_map(|part| part.lines.lines()) {
        let Line(id, parent, rank, name, slug, status, version, populated) = read(line)?;
        tree.insert(id, Node { parent, rank, name, slug, status, version, populated });
    }
    for line in parts.iter().flat_map(|part| part.left_behind.lines()) {
        let LeftBehind(gone, children) = read(line)?;
        tree.left_behind.entry(gone).or_default().extend(children);
    }
    Ok(tree)
}

fn read<'l, T: Deserialize<'l>>(line: &'l str) -> Result<T, Failure> {
    serde_json::from_str(line)
        .map_err(|_| Failure::internal("a snapshot of the tree does not fit its schema"))
}
