//! Index: segments, and the changes that make them.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Document, Page, Query, RestoreError, Schema,
    bits::Bits,
    codec::{Input, Output},
    scan,
    segment::Segment,
    slot::{MERGED, MERGED_DOCUMENTS, Slot},
    snapshot::{self, Fields, SEGMENT},
    strings::ordinal,
    suggestion,
    tombstones::Tombstones,
};

/// Documents in memory. A clone shares them with the original, and takes microseconds.
///
/// Changes are harmless when they come twice or in another order: the highest version of an id
/// stays.
#[derive(Debug, Clone)]
pub struct Index {
    schema: &'static Schema,
    slots: Vec<Slot>,
    tombstones: Arc<Tombstones>,
}

impl Index {
    /// Makes an empty index.
    pub fn new(schema: &'static Schema) -> Self {
        Self { schema, slots: Vec::new(), tombstones: Arc::default() }
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.slots.iter().map(|slot| slot.count).sum()
    }

    /// True if there are no documents.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id and version of each document, in any order.
    pub fn versions(&self) -> impl Iterator<Item = (&str, u64)> {
        self.slots.iter().flat_map(|slot| {
            let segment = &slot.segment;
            slot.live.iter().map(|document| (segment.id(document), segment.version(document)))
        })
    }

    /// The version of a document, or that of its removal.
    pub fn version(&self, id: &str) -> Option<u64> {
        let known = self.find(id).map(|(slot, place)| self.version_at(slot, place));
        known.max(self.tombstones.version(id))
    }

    /// The terms of a field that documents have. Some may be those of removed ones.
    pub fn terms(&self, field: &str) -> BTreeSet<&str> {
        let Some(field) = self.schema.term_field(field) else { return BTreeSet::new() };
        let terms = self.slots.iter().map(|slot| &slot.segment.terms);
        terms.flat_map(|terms| terms.of_field(field).map(|term| terms.text(term))).collect()
    }

    /// Adds a document, or replaces an earlier version of it. Does nothing if this version or a
    /// later one is known or removed.
    pub fn upsert(&mut self, document: &Document) {
        if self.tombstones.version(&document.id).is_some_and(|removed| removed >= document.version) {
            return;
        }
        if let Some((slot, place)) = self.find(&document.id) {
            if self.version_at(slot, place) >= document.version {
                return;
            }
            self.remove_at(slot, place);
        }
        if self.tombstones.version(&document.id).is_some() {
            Arc::make_mut(&mut self.tombstones).remove(&document.id);
        }
        self.slots.push(Slot::new(Segment::of(document, self.schema)));
        self.compact();
    }

    /// Removes a document up to a version, at a time in Unix seconds. Of the last 4,096 removals
    /// by this time, the index refuses versions of the document up to this one that come later.
    pub fn remove(&mut self, id: &str, version: u64, at: i64) {
        if let Some((slot, place)) = self.find(id) {
            if self.version_at(slot, place) > version {
                return;
            }
            self.remove_at(slot, place);
            self.compact();
        }
        Arc::make_mut(&mut self.tombstones).add(id, version, at);
    }

    /// Removes the documents whose occurrences all end at `time` or before. Documents without
    /// occurrences stay. Returns the number of removed documents.
    pub fn remove_past(&mut self, time: i64) -> usize {
        let before = self.len();
        for slot in &mut self.slots {
            let mut past = Bits::none(slot.segment.len());
            let documents = slot.live.iter().filter(|document| slot.segment.is_past(*document, time));
            documents.for_each(|document| past.add(document));
            if !past.is_empty() {
                slot.remove(&past);
            }
        }
        self.compact();
        before - self.len()
    }

    /// Returns a page of the documents that fit a query.
    pub fn search(&self, query: &Query) -> Page {
        scan::search(self.schema, &self.slots, query)
    }

    /// Returns the words of a text, with a known word one edit away for each unknown one; the
    /// most frequent if there are several. `None` if all words are known, or one has no such
    /// neighbour. Compares the words of all documents.
    pub fn suggest(&self, text: &str) -> Option<String> {
        suggestion::suggest(text, &self.slots)
    }

    /// Writes a snapshot in chunks of at most 300,000 bytes. Equal contents give equal bytes,
    /// whatever their history was.
    pub fn write(&self) -> Vec<Vec<u8>> {
        let mut output = Output::default();
        Fields::write(self.schema, &mut output);
        self.tombstones.write(&mut output);
        let mut documents: Vec<(&str, usize, u32)> = Vec::with_capacity(self.len());
        for (number, slot) in self.slots.iter().enumerate() {
            documents.extend(slot.live.iter().map(|place| (slot.segment.id(place), number, place)));
        }
        documents.sort_unstable();
        output.length(documents.len().div_ceil(SEGMENT));
        for documents in documents.chunks(SEGMENT) {
            let mut kept: Vec<Bits> = self.slots.iter().map(|slot| Bits::none(slot.segment.len())).collect();
            for (_, slot, place) in documents {
                if let Some(kept) = kept.get_mut(*slot) {
                    kept.add(*place);
                }
            }
            let parts = self.slots.iter().zip(&kept).filter(|(_, kept)| !kept.is_empty());
            let parts: Vec<_> = parts.map(|(slot, kept)| (&*slot.segment, kept)).collect();
            Segment::merged(&parts).write(&mut output);
        }
        snapshot::chunks(&output.0)
    }

    /// Restores the index from the chunks of a snapshot, in order.
    pub fn restore(schema: &'static Schema, chunks: &[impl AsRef<[u8]>]) -> Result<Self, RestoreError> {
        let text = snapshot::joined(chunks)?;
        let mut input = Input(&text);
        let fields = Fields::read(schema, &mut input)?;
        let mut index = Self::new(schema);
        index.tombstones = Arc::new(Tombstones::read(&mut input)?);
        for _ in 0..input.length()? {
            let segment = Segment::read(&mut input, &fields)?;
            let last = index.slots.last().map(|slot| slot.segment.id(ordinal(slot.count).saturating_sub(1)));
            if segment.len() == 0 || last.is_some_and(|last| last >= segment.id(0)) {
                return Err(RestoreError::Corrupt);
            }
            index.slots.push(Slot::new(segment));
        }
        if input.0.is_empty() { Ok(index) } else { Err(RestoreError::Corrupt) }
    }

    /// The slot and the place of a document.
    fn find(&self, id: &str) -> Option<(usize, u32)> {
        self.slots.iter().enumerate().find_map(|(number, slot)| {
            let place = slot.segment.columns.ids.find(id).filter(|place| slot.live.has(*place))?;
            Some((number, place))
        })
    }

    fn version_at(&self, slot: usize, place: u32) -> u64 {
        self.slots.get(slot).map(|slot| slot.segment.version(place)).unwrap_or_default()
    }

    fn remove_at(&mut self, slot: usize, place: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            let mut one = Bits::none(slot.segment.len());
            one.add(place);
            slot.remove(&one);
        }
    }

    /// Merges segments until no tier has too many, and rewrites those that are mostly removed.
    /// No merge has more than [`MERGED_DOCUMENTS`].
    fn compact(&mut self) {
        self.slots.retain(|slot| slot.count > 0);
        for slot in &mut self.slots {
            if slot.count * 2 < slot.segment.len() {
                *slot = Slot::new(Segment::merged(&[slot.part()]));
            }
        }
        while let Some(merged) = self.crowded() {
            let slots = std::mem::take(&mut self.slots);
            let (old, kept): (Vec<_>, Vec<_>) =
                slots.into_iter().enumerate().partition(|(number, _)| merged.contains(number));
            let parts: Vec<_> = old.iter().map(|(_, slot)| slot.part()).collect();
            let merged = Slot::new(Segment::merged(&parts));
            self.slots = kept.into_iter().map(|(_, slot)| slot).chain([merged]).collect();
        }
    }

    /// Slots of one tier that are to be merged.
    fn crowded(&self) -> Option<Vec<usize>> {
        let last = self.slots.iter().map(Slot::tier).max()?;
        (0..=last).find_map(|tier| {
            let slots = self.slots.iter().enumerate().filter(|(_, slot)| slot.tier() == tier);
            let mut slots: Vec<_> = slots.map(|(number, slot)| (slot.count, number)).collect();
            if slots.len() < MERGED {
                return None;
            }
            slots.sort_unstable();
            let mut sum = 0;
            let fitting = slots.into_iter().take_while(|(count, _)| {
                sum += count;
                sum <= MERGED_DOCUMENTS
            });
            let merged: Vec<usize> = fitting.map(|(_, number)| number).collect();
            (merged.len() > 1).then_some(merged)
        })
    }
}
