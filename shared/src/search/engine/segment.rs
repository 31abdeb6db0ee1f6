//! Documents that are kept together and do not change.

use super::{
    Document, RestoreError, Schema,
    bits::Bits,
    codec::{Input, Output},
    columns::Columns,
    plan::Plan,
    snapshot::Fields,
    terms::Terms,
    texts::{MAX_DOCUMENTS, Texts},
    times::Times,
};

/// Documents in the order of their ids.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) columns: Columns,
    pub(super) times: Times,
    pub(super) terms: Terms,
    pub(super) texts: Texts,
}

impl Segment {
    /// Makes a segment of one document.
    pub(super) fn of(document: &Document, schema: &Schema) -> Self {
        let (times, occurrences) = Times::of(&document.occurrences);
        Self {
            columns: Columns::of(document),
            terms: Terms::of(&document.terms, &occurrences, schema, &times),
            texts: Texts::of(document, schema),
            times,
        }
    }

    /// Merges these documents of the parts. The same documents give the same segment, whatever
    /// the parts are.
    pub(super) fn merged(parts: &[(&Self, &Bits)]) -> Self {
        let ids: Vec<_> = parts.iter().map(|(part, kept)| (&part.columns.ids, *kept)).collect();
        let plan = Plan::new(&ids);
        let columns: Vec<_> = parts.iter().map(|(part, _)| &part.columns).collect();
        let times: Vec<_> = parts.iter().map(|(part, _)| &part.times).collect();
        let terms: Vec<_> = parts.iter().map(|(part, _)| (&part.terms, &part.times)).collect();
        let texts: Vec<_> = parts.iter().map(|(part, _)| &part.texts).collect();
        let times = Times::merged(&times, &plan);
        Self {
            columns: Columns::merged(&columns, &plan),
            terms: Terms::merged(&terms, &plan, &times),
            texts: Texts::merged(&texts, &plan),
            times,
        }
    }

    pub(super) fn write(&self, output: &mut Output) {
        self.columns.write(output);
        self.times.write(output);
        self.terms.write(output);
        self.texts.write(output);
    }

    pub(super) fn read(input: &mut Input, fields: &Fields) -> Result<Self, RestoreError> {
        let columns = Columns::read(input)?;
        let documents = columns.ids.len();
        if documents > MAX_DOCUMENTS {
            return Err(RestoreError::Corrupt);
        }
        let times = Times::read(input, documents)?;
        Ok(Self {
            columns,
            terms: Terms::read(input, documents, &times, fields.terms.as_deref())?,
            texts: Texts::read(input, documents, fields.keys_fit, fields.texts.as_deref())?,
            times,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.columns.ids.len()
    }

    pub(super) fn id(&self, document: u32) -> &str {
        self.columns.ids.get(document)
    }

    pub(super) fn version(&self, document: u32) -> u64 {
        self.columns.versions.get(document as usize).copied().unwrap_or_default()
    }

    /// True if all occurrences of a document end at `time` or before; false if it has none.
    pub(super) fn is_past(&self, document: u32, time: i64) -> bool {
        self.times.last_end(document).is_some_and(|end| end <= time)
    }
}
