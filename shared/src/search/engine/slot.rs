//! Segments of an index with what is left of each.

use std::sync::Arc;

use super::{bits::Bits, segment::Segment, snapshot::SEGMENT};

/// Segments of similar size that are merged. With this number each document of 30,000 is
/// merged four times, and a search passes over some 30 segments.
pub(super) const MERGED: usize = 8;

/// Maximum number of documents that are merged at once. It takes up to 40 ms, as does the rewriting of
/// a segment of a snapshot that has lost half of its documents.
pub(super) const MERGED_DOCUMENTS: usize = SEGMENT / 2;

/// Segment, and those of its documents that have neither been removed nor replaced.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) segment: Arc<Segment>,
    pub(super) live: Arc<Bits>,
    /// Number of live documents.
    pub(super) count: usize,
}

impl Slot {
    pub(super) fn new(segment: Segment) -> Self {
        let count = segment.len();
        Self { segment: Arc::new(segment), live: Arc::new(Bits::all(count)), count }
    }

    pub(super) fn remove(&mut self, documents: &Bits) {
        let live = Arc::make_mut(&mut self.live);
        live.remove(documents);
        self.count = live.count();
    }

    pub(super) fn part(&self) -> (&Segment, &Bits) {
        (&self.segment, &self.live)
    }

    /// Class of segments that are merged with each other.
    pub(super) fn tier(&self) -> u32 {
        self.count.checked_ilog(MERGED).unwrap_or_default()
    }
}
