//! State in memory that is the fold of a numbered log in the table.
//!
//! The log is one partition of [entries](Entry) with the numbers 1, 2, 3, … without
//! gaps. An entry is appended on the condition that its number is free. A writer that
//! has not read the latest entry is refused, reads on and decides again, so every
//! decision is made on the current state. All instances fold the same entries in the
//! same order into the same state, and each catches up with one query.
//!
//! A snapshot bounds the entries that an instance reads when it starts. They stay after it
//! unless the group trims its log. An instance that misses one starts from the snapshot
//! again.
//!
//! Limits: the state fits into a function's memory. One entry is one item (400 KB).
//! Entries are written one after the other: of all writers at a time one succeeds,
//! and the others retry.
//!
//! | module | what it holds |
//! |---|---|
//! | [`entry`] | an entry of the log |
//! | [`keeper`] | the state of a warm function: catching up, changing it |
//! | [`snapshot`] | the items of a snapshot |
//! | [`saving`] | writing snapshots |
//! | [`trimming`] | removing entries that a snapshot includes |
//! | [`rebuilding`] | replacing a state that is wrong |
//!
//! A group implements [`State`] and keeps its own changes and their meaning:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use shared::{
//!     Failure,
//!     journal::{Entry, Folded, Layout, Parts, State, UnknownChange, lines},
//!     table::schema::Key,
//! };
//!
//! shared::operations! {
//!     /// Reads the entries after the last known one.
//!     FOLLOW = "names.follow": 1 round trip, 1.0 read, 0.0 write;
//!     /// Reads the head of the snapshot.
//!     GET_SNAPSHOT = "names.get_snapshot": 1 round trip, 1.0 read, 0.0 write;
//!     /// Reads the parts of the snapshot.
//!     LIST_SNAPSHOT = "names.list_snapshot": 1 round trip, 1.0 read, 0.0 write;
//!     /// Writes a part of a snapshot.
//!     PUT_SNAPSHOT_PART = "names.put_snapshot_part": 1 round trip, 0.0 read, 1.0 write;
//!     /// Writes the head of the snapshot.
//!     PUT_SNAPSHOT = "names.put_snapshot": 1 round trip, 0.0 read, 1.0 write;
//!     /// Removes the parts of the snapshot before it.
//!     REMOVE_SNAPSHOT = "names.remove_snapshot": 1 round trip, 0.0 read, 2.0 write;
//! }
//!
//! // The keys are rows of `schema.rs`.
//! fn key(pk: &str, sk: String) -> Key {
//!     Key { pk: pk.to_owned(), sk }
//! }
//!
//! #[derive(Debug, Clone, Default)]
//! struct Names(Vec<String>);
//!
//! #[derive(Debug, Clone, Default, Serialize, Deserialize)]
//! struct Part {
//!     lines: String,
//! }
//!
//! impl State for Names {
//!     type Change = String;
//!     type Part = Part;
//!     const LAYOUT: Layout = Layout {
//!         name: "the names",
//!         entry: ("name_entry", |number| key("NAMES_LOG", format!("{number:012}"))),
//!         snapshot: ("names_snapshot", || key("NAMES_SNAPSHOT", "NAMES_SNAPSHOT".to_owned())),
//!         part: ("names_part", |number, part| key(&format!("NAMES_SNAPSHOT#{number}"), format!("{part:06}"))),
//!         follow: &FOLLOW,
//!         get_snapshot: &GET_SNAPSHOT,
//!         list_snapshot: &LIST_SNAPSHOT,
//!         put_snapshot_part: &PUT_SNAPSHOT_PART,
//!         put_snapshot: &PUT_SNAPSHOT,
//!         remove_snapshot: &REMOVE_SNAPSHOT,
//!     };
//!
//!     fn apply(&mut self, name: String) -> Result<(), UnknownChange> {
//!         self.0.push(name);
//!         Ok(())
//!     }
//!
//!     fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
//!         self.0.iter().try_for_each(|name| parts.line(name, |part| &mut part.lines))
//!     }
//!
//!     fn restore(parts: &[Part]) -> Result<Self, Failure> {
//!         parts.iter().flat_map(|part| lines(&part.lines)).collect::<Result<_, _>>().map(Self)
//!     }
//! }
//!
//! let mut names = Folded::<Names>::default();
//! let entry = Entry::after(&names, &["Ada".to_owned(), "Grace".to_owned()])?;
//! names.apply(&entry)?;
//! assert_eq!((names.number(), names.0.len()), (1, 2));
//! # Ok::<(), Failure>(())
//! ```

pub mod entry;
pub mod keeper;
pub mod rebuilding;
pub mod saving;
pub mod snapshot;
pub mod trimming;

use std::{fmt::Debug, ops::Deref};

use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    entry::Entry,
    keeper::{Committed, Keeper},
    snapshot::{Parts, SnapshotHead, SnapshotPart, lines},
};
use crate::{
    Failure,
    table::{schema::Key, units::Operation},
};

/// A state that is folded from a log.
pub trait State: Clone + Debug + Default + Send + Sync + 'static {
    /// A change of the state. An entry has the changes that are made together.
    type Change: Serialize + DeserializeOwned;
    /// The content of a part of a snapshot: a struct of texts with a line for each
    /// element, or of bytes.
    type Part: Clone + Debug + Default + Serialize + DeserializeOwned + Send + Sync;

    /// The items of the log and the operations on them.
    const LAYOUT: Layout;

    /// Applies a change. Changes are not validated here: that was done before they
    /// were written, and every instance must apply them in the same way.
    fn apply(&mut self, change: Self::Change) -> Result<(), UnknownChange>;

    /// Writes the state as the lines, or the whole parts, of a snapshot. Equal states must give the same
    /// lines in the same order: two instances may write the same snapshot at once.
    fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure>;

    /// Restores the state from a snapshot's parts, which are in order.
    fn restore(parts: &[Self::Part]) -> Result<Self, Failure>;
}

/// Items of a log, the `type` and key of each, and the operations on them.
#[derive(Debug)]
pub struct Layout {
    /// Name of the state in causes of failures: `the tree`.
    pub name: &'static str,
    /// Entries, by number. The sort key must sort like the number.
    pub entry: (&'static str, fn(u64) -> Key),
    /// The head of the latest snapshot.
    pub snapshot: (&'static str, fn() -> Key),
    /// Parts of a snapshot, by its number and theirs. A snapshot has a partition of
    /// its own, and the sort key must sort like the part's number.
    pub part: (&'static str, fn(u64, u32) -> Key),
    /// Reads entries after the last known one.
    pub follow: &'static Operation,
    /// Reads the head of the latest snapshot.
    pub get_snapshot: &'static Operation,
    /// Reads the parts of a snapshot.
    pub list_snapshot: &'static Operation,
    /// Writes a part of a snapshot.
    pub put_snapshot_part: &'static Operation,
    /// Writes the head of the latest snapshot.
    pub put_snapshot: &'static Operation,
    /// Removes up to 100 parts of a snapshot.
    pub remove_snapshot: &'static Operation,
}

/// A change that only a later release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownChange;

/// A state with the number of the last entry applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded<S> {
    number: u64,
    is_incomplete: bool,
    state: S,
}

impl<S: State> Folded<S> {
    /// The number of the last entry applied.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// True if the state lacks an [`UnknownChange`]. It may be shown, but no decision
    /// may depend on it.
    pub fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Applies the next entry.
    pub fn apply(&mut self, entry: &Entry<S>) -> Result<(), Failure> {
        let changes = entry.changes()?;
        self.number += 1;
        for change in changes {
            self.is_incomplete |= self.state.apply(change).is_err();
        }
        Ok(())
    }
}

impl<S> Deref for Folded<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}
