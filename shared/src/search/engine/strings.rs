//! Many strings, and many lists of numbers, in one allocation each.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    ops::Range,
};

use super::{
    RestoreError,
    codec::{Input, Output},
};

/// The place of something in a segment, which has fewer than 2^32 of everything.
pub(super) fn ordinal(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Maximum bytes that a sorted string shares with the one before it. Bounds the memory that a
/// snapshot of few bytes can take.
const SHARED: usize = 63;

/// List of strings.
#[derive(Debug, Clone, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(super) fn get(&self, place: u32) -> &str {
        let place = place as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(ordinal(self.text.len()));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..ordinal(self.len())).map(|place| self.get(place))
    }

    /// The place of a string in a sorted list.
    pub(super) fn find(&self, string: &str) -> Option<u32> {
        let place = self.first(|it| it < string);
        (place < ordinal(self.len()) && self.get(place) == string).then_some(place)
    }

    /// The places of the strings that begin with a prefix, in a sorted list.
    pub(super) fn with_prefix(&self, prefix: &str) -> Range<u32> {
        let start = self.first(|it| it < prefix);
        start..self.first(|it| it < prefix || it.starts_with(prefix)).max(start)
    }

    /// The first place for which `before` is false.
    fn first(&self, before: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (0, ordinal(self.len()));
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(super) fn write(&self, output: &mut Output) {
        output.length(self.len());
        self.iter().for_each(|string| output.length(string.len()));
        output.0.extend_from_slice(self.text.as_bytes());
    }

    pub(super) fn read(input: &mut Input) -> Result<Self, RestoreError> {
        let count = input.length()?;
        let mut ends = Vec::with_capacity(count);
        let mut end = 0_u32;
        for _ in 0..count {
            end = end.checked_add(input.small()?).ok_or(RestoreError::Corrupt)?;
            ends.push(end);
        }
        Self::checked(input.bytes(end as usize)?.to_vec(), ends)
    }

    /// Writes a sorted list without the prefixes that strings share.
    pub(super) fn write_sorted(&self, output: &mut Output) {
        output.length(self.len());
        let mut last = "";
        for string in self.iter() {
            let same = string.bytes().zip(last.bytes()).take(SHARED).take_while(|(one, other)| one == other);
            let shared = same.count();
            let rest = string.as_bytes().get(shared..).unwrap_or_default();
            output.length(shared);
            output.length(rest.len());
            output.0.extend_from_slice(rest);
            last = string;
        }
    }

    /// Reads a sorted list without doubles.
    pub(super) fn read_sorted(input: &mut Input) -> Result<Self, RestoreError> {
        let count = input.length()?;
        let mut ends = Vec::with_capacity(count);
        let mut text: Vec<u8> = Vec::new();
        let mut last = 0..0;
        for place in 0..count {
            let shared = input.below(SHARED + 1)? as usize;
            if shared > last.len() {
                return Err(RestoreError::Corrupt);
            }
            let length = input.length()?;
            let start = text.len();
            text.extend_from_within(last.start..last.start + shared);
            text.extend_from_slice(input.bytes(length)?);
            let (before, string) = text.split_at(start);
            if place > 0 && before.get(last).is_none_or(|last| last >= string) {
                return Err(RestoreError::Corrupt);
            }
            last = start..text.len();
            ends.push(ordinal(text.len()));
        }
        Self::checked(text, ends)
    }

    fn checked(text: Vec<u8>, ends: Vec<u32>) -> Result<Self, RestoreError> {
        let text = String::from_utf8(text).map_err(|_| RestoreError::Corrupt)?;
        let whole =
            text.len() < u32::MAX as usize && ends.iter().all(|end| text.is_char_boundary(*end as usize));
        if whole { Ok(Self { text, ends }) } else { Err(RestoreError::Corrupt) }
    }
}

/// Visits each string of several sorted lists once, in order, with its places: the number of
/// a list, and the place in it.
pub(super) fn each_merged<'a>(
    lists: impl IntoIterator<Item = &'a Strings>,
    mut visit: impl FnMut(&'a str, &[(usize, u32)]),
) {
    let lists: Vec<&Strings> = lists.into_iter().collect();
    let next = |list: usize, place: u32| {
        let strings = lists.get(list).filter(|strings| (place as usize) < strings.len())?;
        Some(Reverse((strings.get(place), list, place)))
    };
    let mut heads: BinaryHeap<_> = (0..lists.len()).filter_map(|list| next(list, 0)).collect();
    let mut places = Vec::with_capacity(lists.len());
    while let Some(&Reverse((string, list, place))) = heads.peek() {
        // To replace the head takes half the time of a removal and an insertion.
        if let Some(mut head) = heads.peek_mut() {
            match next(list, place + 1) {
                Some(following) => *head = following,
                None => drop(PeekMut::pop(head)),
            }
        }
        places.push((list, place));
        if heads.peek().is_none_or(|Reverse((following, ..))| *following != string) {
            visit(string, &places);
            places.clear();
        }
    }
}

/// List of lists of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    items: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    /// Makes an empty list with room for `lists` lists.
    pub(super) fn with_capacity(lists: usize) -> Self {
        Self { items: Vec::new(), ends: Vec::with_capacity(lists) }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(super) fn get(&self, place: u32) -> &[u32] {
        let place = place as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.items.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..ordinal(self.len())).map(|place| self.get(place))
    }

    /// Appends a list.
    pub(super) fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.items.extend(list);
        self.close();
    }

    /// Appends an item to the list that is open.
    #[inline]
    pub(super) fn add(&mut self, item: u32) {
        self.items.push(item);
    }

    /// Ends the list that is open.
    pub(super) fn close(&mut self) {
        self.ends.push(ordinal(self.items.len()));
    }

    /// The lists of the other side: of each item below `bound`, the places of the lists that
    /// have it, in ascending order.
    pub(super) fn inverted(&self, bound: usize) -> Self {
        let mut next = vec![0_u32; bound + 1];
        for item in &self.items {
            if let Some(count) = next.get_mut(*item as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut next {
            sum += *count;
            *count = sum;
        }
        let ends = next.iter().skip(1).copied().collect();
        let mut items = vec![0; self.items.len()];
        for (place, list) in (0_u32..).zip(self.iter()) {
            for item in list {
                if let Some(next) = next.get_mut(*item as usize) {
                    if let Some(free) = items.get_mut(*next as usize) {
                        *free = place;
                    }
                    *next += 1;
                }
            }
        }
        Self { items, ends }
    }

    /// Writes lists of ascending numbers.
    pub(super) fn write_ascending(&self, output: &mut Output) {
        output.length(self.len());
        for list in self.iter() {
            output.length(list.len());
            let mut next = 0;
            for item in list {
                output.number(u64::from(*item) - next);
                next = u64::from(*item) + 1;
            }
        }
    }

    /// Reads `count` lists of ascending numbers below `bound`.
    pub(super) fn read_ascending(
        input: &mut Input,
        count: usize,
        bound: usize,
    ) -> Result<Self, RestoreError> {
        if input.length()? != count {
            return Err(RestoreError::Corrupt);
        }
        let mut lists = Self::with_capacity(count);
        for _ in 0..count {
            let mut next = 0;
            for _ in 0..input.length()? {
                let item = input.small()?.checked_add(next).filter(|item| (*item as usize) < bound);
                let item = item.ok_or(RestoreError::Corrupt)?;
                lists.add(item);
                next = item + 1;
            }
            lists.close();
        }
        Ok(lists)
    }
}
