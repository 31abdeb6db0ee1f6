//! The items of a snapshot: a head that names the latest one, and its parts.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Folded, State};
use crate::{
    Failure,
    clock::Timestamp,
    table::{
        item::{Entity, Stored},
        schema::Key,
    },
};

/// Bytes above which a part is full. With one more line it still fits into the 400 KB
/// of an item.
const PART_BYTES: usize = 300 * 1024;

/// Number of parts that are read in one page of a megabyte.
pub(super) const PARTS_IN_A_PAGE: usize = 3;

/// Maximum bytes of a line.
const LINE_BYTES: usize = 64 * 1024;

/// The latest snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SnapshotHead<S> {
    /// The number of the last entry included.
    pub(super) number: u64,
    /// Number of its parts.
    pub(super) parts: u32,
    /// Number of rebuilds before it. A state from before a rebuild is never saved after it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) rebuilds: u32,
    /// Time at which it was written; absent in those of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) written_at: Option<Timestamp>,
    #[serde(skip)]
    pub(super) state: PhantomData<fn() -> S>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A snapshot, as far as its successors depend on it. The greatest one is the latest: a
/// rebuild replaces snapshots with higher numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Basis {
    /// Number of rebuilds before it.
    pub(super) rebuilds: u32,
    /// The number of the last entry included.
    pub(super) number: u64,
}

impl<S> SnapshotHead<S> {
    /// Its place among the snapshots.
    pub(super) fn basis(&self) -> Basis {
        Basis { rebuilds: self.rebuilds, number: self.number }
    }
}

impl<S: State> Entity for SnapshotHead<S> {
    const TYPE: &'static str = S::LAYOUT.snapshot.0;

    fn key(&self) -> Key {
        (S::LAYOUT.snapshot.1)()
    }
}

/// A part of a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SnapshotPart<S: State> {
    number: u64,
    part: u32,
    #[serde(flatten)]
    content: S::Part,
}

impl<S: State> Entity for SnapshotPart<S> {
    const TYPE: &'static str = S::LAYOUT.part.0;

    fn key(&self) -> Key {
        (S::LAYOUT.part.1)(self.number, self.part)
    }
}

/// The parts of a snapshot while they are written.
#[derive(Debug)]
pub struct Parts<S: State> {
    full: Vec<SnapshotPart<S>>,
    open: SnapshotPart<S>,
    /// Size of the open part.
    bytes: usize,
}

impl<S: State> Parts<S> {
    /// Appends a line to one of a part's texts; begins the next part if this one is
    /// full.
    pub fn line(
        &mut self,
        line: &impl Serialize,
        to: impl FnOnce(&mut S::Part) -> &mut String,
    ) -> Result<(), Failure> {
        let line = serde_json::to_string(line).map_err(Failure::internal)?;
        if line.len() >= LINE_BYTES {
            let cause = format!("a line of a snapshot of {} has {} bytes", S::LAYOUT.name, line.len());
            return Err(Failure::internal(cause));
        }
        if self.bytes > PART_BYTES {
            self.close();
        }
        self.bytes += line.len() + 1;
        let text = to(&mut self.open.content);
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }

    /// Appends a whole part, of at most 300 KB.
    pub fn part(&mut self, content: S::Part) {
        if self.bytes > 0 {
            self.close();
        }
        self.open.content = content;
        self.bytes = PART_BYTES + 1;
    }

    /// Begins the next part.
    fn close(&mut self) {
        let SnapshotPart { number, part, .. } = self.open;
        let next = SnapshotPart { number, part: part + 1, content: S::Part::default() };
        self.full.push(std::mem::replace(&mut self.open, next));
        self.bytes = 0;
    }
}

/// Makes the parts of a snapshot of `folded`; at least one.
pub(super) fn parts<S: State>(folded: &Folded<S>) -> Result<Vec<SnapshotPart<S>>, Failure> {
    let open = SnapshotPart { number: folded.number, part: 0, content: S::Part::default() };
    let mut parts = Parts { full: Vec::new(), open, bytes: 0 };
    folded.state.write(&mut parts)?;
    parts.full.push(parts.open);
    Ok(parts.full)
}

/// Restores the state from a snapshot's parts.
pub(super) fn restore<S: State>(
    number: u64,
    parts: Vec<Stored<SnapshotPart<S>>>,
) -> Result<Folded<S>, Failure> {
    let parts: Vec<S::Part> = parts.into_iter().map(|stored| stored.entity.content).collect();
    Ok(Folded { number, is_incomplete: false, state: S::restore(&parts)? })
}

/// Parses the lines of a part's text.
pub fn lines<T: DeserializeOwned>(text: &str) -> impl Iterator<Item = Result<T, Failure>> {
    text.lines().map(|line| {
        serde_json::from_str(line).map_err(|_| Failure::internal("a snapshot does not fit its schema"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        journal::{Entry, Layout, UnknownChange},
        table::units::{Operation, Units},
    };

    const OPERATION: Operation =
        Operation { name: "tests.none", budget: Units { round_trips: 0, read: 0.0, write: 0.0 } };

    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    struct Words(Vec<String>);

    /// Two texts in one part, as a state may have.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    struct Content {
        short: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        long: String,
    }

    impl State for Words {
        type Change = Option<String>;
        type Part = Content;
        const LAYOUT: Layout = Layout {
            name: "the words",
            entry: ("word_entry", |number| Key { pk: "LOG".to_owned(), sk: number.to_string() }),
            snapshot: ("words_head", Key::default),
            part: ("words_part", |number, part| Key { pk: number.to_string(), sk: part.to_string() }),
            follow: &OPERATION,
            get_snapshot: &OPERATION,
            list_snapshot: &OPERATION,
            put_snapshot_part: &OPERATION,
            put_snapshot: &OPERATION,
            remove_snapshot: &OPERATION,
        };

        fn apply(&mut self, word: Option<String>) -> Result<(), UnknownChange> {
            self.0.push(word.ok_or(UnknownChange)?);
            Ok(())
        }

        fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
            for word in &self.0 {
                parts.line(word, |part| if word.len() < 50 { &mut part.short } else { &mut part.long })?;
            }
            Ok(())
        }

        fn restore(parts: &[Content]) -> Result<Self, Failure> {
            let texts = parts.iter().map(|part| &part.short).chain(parts.iter().map(|part| &part.long));
            texts.flat_map(|text| lines(text)).collect::<Result<_, _>>().map(Self)
        }
    }

    fn folded(words: impl IntoIterator<Item = String>) -> Folded<Words> {
        Folded { number: 7, is_incomplete: false, state: Words(words.into_iter().collect()) }
    }

    fn stored(parts: Vec<SnapshotPart<Words>>) -> Vec<Stored<SnapshotPart<Words>>> {
        parts.into_iter().map(|entity| Stored { entity, version: 1 }).collect()
    }

    #[test]
    fn a_snapshot_of_more_than_a_megabyte_comes_back_whole() {
        let short = (0..5_000).map(|number| format!("{number:040}"));
        let long = (0..500).map(|number| format!("{number:02000}"));
        let whole = folded(short.chain(long));
        let parts = parts(&whole).expect("can be written");
        assert!(parts.len() >= 4, "{} parts", parts.len());
        for (place, part) in parts.iter().enumerate() {
            let bytes = serde_json::to_string(part).expect("is JSON").len();
            assert!(bytes < 400 * 1024 && u32::try_from(place) == Ok(part.part), "{bytes} bytes");
        }
        assert_eq!(restore(7, stored(parts)).expect("can be read"), whole);
    }

    #[test]
    fn a_whole_part_stands_alone() {
        let content = |short: &str| Content { short: short.to_owned(), long: String::new() };
        let open = SnapshotPart { number: 7, part: 0, content: Content::default() };
        let mut parts = Parts::<Words> { full: Vec::new(), open, bytes: 0 };
        parts.part(content("one"));
        parts.part(content("two"));
        parts.line(&"three", |part| &mut part.short).expect("fits");
        parts.full.push(parts.open);
        let written: Vec<_> =
            parts.full.iter().map(|part| (part.part, part.content.short.as_str())).collect();
        assert_eq!(written, [(0, "one"), (1, "two"), (2, "\"three\"\n")]);
    }

    #[test]
    fn an_empty_state_has_one_part() {
        let parts = parts(&folded([])).expect("can be written");
        assert_eq!(parts.len(), 1);
        assert_eq!(restore(7, stored(parts)).expect("can be read"), folded([]));
    }

    #[test]
    fn a_line_that_no_part_has_room_for_is_a_failure() {
        parts(&folded(["x".repeat(LINE_BYTES - 3)])).expect("just fits");
        parts(&folded(["x".repeat(LINE_BYTES)])).expect_err("does not fit");
    }

    #[test]
    fn an_unknown_change_counts_and_leaves_the_state_incomplete() {
        let mut words = Folded::<Words>::default();
        let change = [Some("one".to_owned()), None, Some("two".to_owned())];
        let entry = Entry::after(&words, &change).expect("is JSON");
        words.apply(&entry).expect("is known");
        assert_eq!((words.number(), words.is_incomplete(), words.0.len()), (1, true, 2));
        assert_eq!(Entry::after(&words, &[]).expect("is JSON").number, 2);
    }
}
