//! Occurrences of the documents of a segment.

use std::ops::Range;

use super::{
    RestoreError,
    bits::Bits,
    codec::{Input, Output},
    document::Occurrence,
    key::Keys,
    plan::Plan,
    strings::ordinal,
};

/// Occurrences, by document and start.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    /// Of each document, the place after its last occurrence.
    ends: Vec<u32>,
    spans: Vec<Span>,
    pub(super) keys: Keys,
    /// Documents with an occurrence that ends before an earlier one of the same document.
    nested: Bits,
}

/// Start and end in Unix seconds. 32 bits: half the memory that a search passes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The nearest time that an occurrence can have.
pub(super) fn seconds(time: i64) -> u32 {
    u32::try_from(time.max(0)).unwrap_or(u32::MAX)
}

impl Span {
    fn of(occurrence: &Occurrence) -> Self {
        let start = seconds(occurrence.start);
        Self { start, end: seconds(occurrence.end).max(start) }
    }

    /// The first second after it: an occurrence without duration takes up its second.
    #[inline]
    fn after(self) -> i64 {
        i64::from(self.end).max(i64::from(self.start) + 1)
    }

    /// True if a part of it is in a range from `from` until before `to`.
    #[inline]
    pub(super) fn overlaps(self, from: i64, to: i64) -> bool {
        i64::from(self.start) < to && self.after() > from
    }
}

impl Times {
    /// Takes the occurrences of one document. Returns them in order, without doubles of a key.
    pub(super) fn of(occurrences: &[Occurrence]) -> (Self, Vec<&Occurrence>) {
        let mut order: Vec<&Occurrence> = occurrences.iter().collect();
        order.sort_by(|one, other| {
            let start = |it: &Occurrence| Span::of(it).start;
            start(one).cmp(&start(other)).then_with(|| one.key.cmp(&other.key))
        });
        let mut seen = std::collections::BTreeSet::new();
        order.retain(|occurrence| seen.insert(occurrence.key.as_str()));
        let mut times = Self::default();
        for occurrence in &order {
            times.spans.push(Span::of(occurrence));
            times.keys.push(&occurrence.key);
        }
        times.ends.push(ordinal(times.spans.len()));
        (times.finished(), order)
    }

    fn finished(self) -> Self {
        let mut nested = Bits::none(self.ends.len());
        for document in 0..ordinal(self.ends.len()) {
            if !self.spans(self.range(document)).is_sorted_by_key(|span| span.after()) {
                nested.add(document);
            }
        }
        Self { nested, ..self }
    }

    pub(super) fn merged(parts: &[&Self], plan: &Plan) -> Self {
        let mut merged = Self::default();
        for (part, place) in &plan.order {
            let Some(times) = parts.get(*part) else { continue };
            let range = times.range(*place);
            merged.spans.extend_from_slice(times.spans(range.clone()));
            merged.keys.extend(&times.keys, range);
            merged.ends.push(ordinal(merged.spans.len()));
        }
        merged.finished()
    }

    /// The number of occurrences.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The places of the occurrences of a document.
    #[inline]
    pub(super) fn range(&self, document: u32) -> Range<u32> {
        let document = document as usize;
        let start = document.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        start..self.ends.get(document).copied().unwrap_or(start)
    }

    /// The document of an occurrence.
    pub(super) fn document_of(&self, occurrence: u32) -> u32 {
        ordinal(self.ends.partition_point(|end| *end <= occurrence))
    }

    #[inline]
    pub(super) fn spans(&self, range: Range<u32>) -> &[Span] {
        self.spans.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    #[inline]
    pub(super) fn span(&self, occurrence: u32) -> Option<Span> {
        self.spans.get(occurrence as usize).copied()
    }

    /// The places of the occurrences of a document that overlap a range of time. `None` if
    /// they may have gaps.
    #[inline]
    pub(super) fn overlapping(&self, document: u32, from: i64, to: i64) -> Option<Range<u32>> {
        let range = self.range(document);
        if self.nested.has(document) {
            return None;
        }
        let spans = self.spans(range.clone());
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Some(range) };
        let start = if first.after() > from {
            range.start
        } else {
            range.start + ordinal(spans.partition_point(|span| span.after() <= from))
        };
        let end = if i64::from(last.start) < to {
            range.end
        } else {
            range.start + ordinal(spans.partition_point(|span| i64::from(span.start) < to))
        };
        Some(start..end.max(start))
    }

    /// The occurrences of a range that start at a time or later.
    #[inline]
    pub(super) fn starting(&self, range: Range<u32>, from: i64) -> Range<u32> {
        let before = self.spans(range.clone()).partition_point(|span| i64::from(span.start) < from);
        range.start + ordinal(before)..range.end
    }

    /// The time at which the last occurrence of a document ends; `None` if it has none.
    pub(super) fn last_end(&self, document: u32) -> Option<i64> {
        self.spans(self.range(document)).iter().map(|span| i64::from(span.end)).max()
    }

    /// Writes differences to what a regular series has: most occurrences take one byte.
    pub(super) fn write(&self, output: &mut Output) {
        output.length(self.ends.len());
        for document in 0..ordinal(self.ends.len()) {
            let range = self.range(document);
            output.length(range.len());
            let mut last = Regular::default();
            for (place, span) in range.clone().zip(self.spans(range)) {
                let start = i64::from(span.start);
                let step = start - last.start;
                let length = i64::from(span.end) - start;
                let day = self.keys.day(place).map(|day| day - start.div_euclid(DAY));
                let change = step - last.step;
                let flags = u8::from(change != 0)
                    | u8::from(length != last.length) << 1
                    | u8::from(day != Some(last.day)) << 2;
                output.byte(flags);
                if change != 0 {
                    output.signed(change);
                }
                if length != last.length {
                    output.signed(length);
                }
                if day != Some(last.day) {
                    output.byte(u8::from(day.is_some()));
                    if let Some(day) = day {
                        output.signed(day);
                    } else {
                        output.text(&self.keys.text(place));
                    }
                }
                last = Regular { start, step, length, day: day.unwrap_or(last.day) };
            }
        }
    }

    pub(super) fn read(input: &mut Input, documents: usize) -> Result<Self, RestoreError> {
        if input.length()? != documents {
            return Err(RestoreError::Corrupt);
        }
        let mut times = Self { ends: Vec::with_capacity(documents), ..Self::default() };
        let mut copy = Input(input.0);
        for _ in 0..documents {
            let mut last = Regular::default();
            for _ in 0..copy.length()? {
                let flags = copy.byte()?;
                if flags & 1 != 0 {
                    last.step = last.step.checked_add(copy.signed()?).ok_or(RestoreError::Corrupt)?;
                }
                let before = last.start;
                last.start = last.start.checked_add(last.step).ok_or(RestoreError::Corrupt)?;
                if flags & 2 != 0 {
                    last.length = copy.signed()?;
                }
                let start = u32::try_from(last.start).map_err(|_| RestoreError::Corrupt)?;
                let end = last.start.checked_add(last.length).and_then(|end| u32::try_from(end).ok());
                let end =
                    end.filter(|end| *end >= start && last.start >= before).ok_or(RestoreError::Corrupt)?;
                times.spans.push(Span { start, end });
                let day = match flags & 4 {
                    0 => Some(last.day),
                    _ if copy.byte()? == 1 => {
                        last.day = copy.signed()?;
                        Some(last.day)
                    }
                    _ => None,
                };
                match day {
                    Some(day) => times.keys.push_day(day.checked_add(last.start.div_euclid(DAY)))?,
                    None => times.keys.push(copy.text()?),
                }
            }
            times.ends.push(ordinal(times.spans.len()));
        }
        *input = copy;
        Ok(times.finished())
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An occurrence as its successor in a regular series expects it.
#[derive(Debug, Default)]
struct Regular {
    start: i64,
    step: i64,
    length: i64,
    /// Days of its key after the day of its start in UTC.
    day: i64,
}
