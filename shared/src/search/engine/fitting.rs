//! Occurrences of a document that fit a query.

use std::ops::Range;

/// Occurrences of a document that fit.
#[derive(Debug)]
pub(super) enum Fitting<'a> {
    /// The document has no occurrences, and the query no range of time.
    Undated,
    /// Those of a range; at least one.
    Range(Range<u32>),
    /// Those of a list in ascending order; at least one.
    List(&'a [u32]),
}

impl Fitting<'_> {
    /// The number of results for one result an occurrence.
    #[inline]
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Undated => 1,
            Self::Range(range) => range.len(),
            Self::List(list) => list.len(),
        }
    }

    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        match self {
            Self::Undated => None,
            Self::Range(range) => Some(range.start),
            Self::List(list) => list.first().copied(),
        }
    }

    /// Visits each occurrence, or once none.
    #[inline]
    pub(super) fn each(&self, mut visit: impl FnMut(Option<u32>)) {
        match self {
            Self::Undated => visit(None),
            Self::Range(range) => range.clone().for_each(|occurrence| visit(Some(occurrence))),
            Self::List(list) => list.iter().for_each(|occurrence| visit(Some(*occurrence))),
        }
    }
}
