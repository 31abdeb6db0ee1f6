//! Places of documents in a merged segment.

use super::{
    bits::Bits,
    strings::{Strings, ordinal},
};

/// Documents of a merged segment, in the order of their ids, and the new places of the
/// documents of its parts.
#[derive(Debug)]
pub(super) struct Plan {
    /// The part and the place in it of each document.
    pub(super) order: Vec<(usize, u32)>,
    places: Vec<Vec<u32>>,
}

impl Plan {
    /// Plans to merge these documents of the parts, which are given by their ids.
    pub(super) fn new(parts: &[(&Strings, &Bits)]) -> Self {
        let mut order: Vec<(usize, u32)> = Vec::new();
        let documents = parts.iter().enumerate();
        order.extend(documents.flat_map(|(part, (_, kept))| kept.iter().map(move |place| (part, place))));
        // The ids of each part ascend: a stable sort merges them.
        order.sort_by_key(|(part, place)| parts.get(*part).map(|(ids, _)| ids.get(*place)));
        Self::in_order(parts, order)
    }

    fn in_order(parts: &[(&Strings, &Bits)], order: Vec<(usize, u32)>) -> Self {
        let mut places: Vec<Vec<u32>> = parts.iter().map(|(ids, _)| vec![u32::MAX; ids.len()]).collect();
        for (new, (part, place)) in order.iter().enumerate() {
            if let Some(it) = places.get_mut(*part).and_then(|part| part.get_mut(*place as usize)) {
                *it = ordinal(new);
            }
        }
        Self { order, places }
    }

    /// The new place of a document; `None` if it is dropped.
    #[inline]
    pub(super) fn place(&self, part: usize, place: u32) -> Option<u32> {
        self.places.get(part)?.get(place as usize).copied().filter(|place| *place != u32::MAX)
    }
}
