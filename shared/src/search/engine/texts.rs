//! Words of the documents of a segment.
//!
//! Postings belong to forms and not to keys: the prefix of a word is matched exactly, and
//! another analysis needs other keys, but no other postings.

use std::collections::BTreeMap;

use super::{
    Document, RestoreError, Schema,
    codec::{Input, Output},
    plan::Plan,
    strings::{Lists, Strings, each_merged, ordinal},
};
use crate::search::analysis;

/// Forms, their postings, and the forms of each key.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    forms: Strings,
    /// Of each form, its documents in ascending order: see [`Posting`].
    postings: Lists,
    keys: Strings,
    key_forms: Lists,
}

/// A document and the fields in which it has a form, one bit each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    pub(super) document: u32,
    pub(super) fields: u8,
}

/// Bound of the number of a document in a posting.
pub(super) const MAX_DOCUMENTS: usize = 1 << 24;

impl Posting {
    fn packed(self) -> u32 {
        self.document << 8 | u32::from(self.fields)
    }

    #[inline]
    fn of(packed: u32) -> Self {
        Self { document: packed >> 8, fields: packed.to_le_bytes()[0] }
    }
}

impl Texts {
    /// Analyses the texts of one document.
    pub(super) fn of(document: &Document, schema: &Schema) -> Self {
        let mut forms: BTreeMap<String, u8> = BTreeMap::new();
        for (field, text) in &document.texts {
            let Some(bit) = schema.text_bit(field) else { continue };
            for word in analysis::words(text) {
                *forms.entry(word.form).or_default() |= bit;
            }
        }
        let mut texts = Self::default();
        for (form, fields) in &forms {
            texts.forms.push(form);
            texts.postings.push([Posting { document: 0, fields: *fields }.packed()]);
        }
        texts.with_keys()
    }

    /// Computes the keys of all forms.
    fn with_keys(self) -> Self {
        let mut forms_of: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (place, form) in (0_u32..).zip(self.forms.iter()) {
            for key in analysis::keys(form) {
                let key: &str = key.as_ref();
                match forms_of.get_mut(key) {
                    Some(forms) => forms.push(place),
                    None => {
                        forms_of.insert(key.to_owned(), vec![place]);
                    }
                }
            }
        }
        let mut keys = Strings::default();
        let mut key_forms = Lists::default();
        for (key, mut forms) in forms_of {
            forms.dedup();
            keys.push(&key);
            key_forms.push(forms);
        }
        Self { keys, key_forms, ..self }
    }

    #[expect(clippy::stable_sort_primitive, reason = "it finds the ascending runs, and merges them")]
    pub(super) fn merged(parts: &[&Self], plan: &Plan) -> Self {
        let mut merged = Self::default();
        // The new places of the forms of each part; forms that no document has are dropped.
        let mut places: Vec<Vec<u32>> = parts.iter().map(|part| vec![u32::MAX; part.forms.len()]).collect();
        let mut list = Vec::new();
        each_merged(parts.iter().map(|part| &part.forms), |form, found| {
            list.clear();
            for (part, place) in found {
                let postings = parts.get(*part).map(|it| it.postings.get(*place)).unwrap_or_default();
                for posting in postings {
                    let Posting { document, fields } = Posting::of(*posting);
                    let document = plan.place(*part, document);
                    list.extend(document.map(|document| Posting { document, fields }.packed()));
                }
            }
            if list.is_empty() {
                return;
            }
            if found.len() > 1 {
                list.sort();
            }
            for (part, place) in found {
                if let Some(new) = places.get_mut(*part).and_then(|part| part.get_mut(*place as usize)) {
                    *new = ordinal(merged.forms.len());
                }
            }
            merged.forms.push(form);
            merged.postings.push(list.iter().copied());
        });
        each_merged(parts.iter().map(|part| &part.keys), |key, found| {
            list.clear();
            for (part, place) in found {
                let forms = parts.get(*part).map(|it| it.key_forms.get(*place)).unwrap_or_default();
                let new = |form: &u32| places.get(*part)?.get(*form as usize).copied();
                list.extend(forms.iter().filter_map(new).filter(|new| *new != u32::MAX));
            }
            if found.len() > 1 {
                list.sort();
                list.dedup();
            }
            if !list.is_empty() {
                merged.keys.push(key);
                merged.key_forms.push(list.iter().copied());
            }
        });
        merged
    }

    pub(super) fn write(&self, output: &mut Output) {
        self.forms.write_sorted(output);
        let mut last_fields = 0;
        for list in self.postings.iter() {
            output.length(list.len());
            let mut next = 0;
            for posting in list {
                let Posting { document, fields } = Posting::of(*posting);
                let differs = fields != last_fields;
                output.number(u64::from(document - next) << 1 | u64::from(differs));
                if differs {
                    output.byte(fields);
                }
                last_fields = fields;
                next = document + 1;
            }
        }
        self.keys.write_sorted(output);
        self.key_forms.write_ascending(output);
    }

    /// Reads what [`Self::write`] has written. Without `keys_fit` it computes the keys: they are of
    /// another analysis. `fields` has the bits of this schema for those of the snapshot.
    pub(super) fn read(
        input: &mut Input,
        documents: usize,
        keys_fit: bool,
        fields: Option<&[u8; 256]>,
    ) -> Result<Self, RestoreError> {
        let forms = Strings::read_sorted(input)?;
        let mut postings = Lists::with_capacity(forms.len());
        let mut last_fields = 0;
        // A copy stays in registers: these are most of the bytes.
        let mut copy = Input(input.0);
        for _ in 0..forms.len() {
            let mut next = 0;
            for _ in 0..copy.length()? {
                let number = copy.small()?;
                let document = number >> 1;
                let document = document.checked_add(next).filter(|it| (*it as usize) < documents);
                let document = document.ok_or(RestoreError::Corrupt)?;
                if number & 1 == 1 {
                    last_fields = copy.byte()?;
                }
                postings.add(Posting { document, fields: last_fields }.packed());
                next = document + 1;
            }
            postings.close();
        }
        *input = copy;
        let keys = Strings::read_sorted(input)?;
        let key_forms = Lists::read_ascending(input, keys.len(), forms.len())?;
        let mut texts = Self { forms, postings, keys, key_forms };
        if let Some(fields) = fields {
            texts.postings = texts.postings_of(fields);
        }
        Ok(if keys_fit { texts } else { texts.with_keys() })
    }

    fn postings_of(&self, fields: &[u8; 256]) -> Lists {
        let mut lists = Lists::with_capacity(self.postings.len());
        for list in self.postings.iter() {
            lists.push(list.iter().filter_map(|posting| {
                let Posting { document, fields: before } = Posting::of(*posting);
                let fields = fields.get(usize::from(before)).copied().filter(|fields| *fields > 0)?;
                Some(Posting { document, fields }.packed())
            }));
        }
        lists
    }

    /// Visits the postings of a form.
    pub(super) fn of_form(&self, form: &str, visit: impl FnMut(Posting)) {
        self.forms.find(form).into_iter().flat_map(|place| self.of_place(place)).for_each(visit);
    }

    /// Visits the postings of the forms of a key.
    pub(super) fn of_key(&self, key: &str, visit: impl FnMut(Posting)) {
        let forms = self.keys.find(key).map(|place| self.key_forms.get(place)).unwrap_or_default();
        forms.iter().flat_map(|place| self.of_place(*place)).for_each(visit);
    }

    /// Visits the postings of the forms that begin with a prefix.
    pub(super) fn of_prefix(&self, prefix: &str, visit: impl FnMut(Posting)) {
        self.forms.with_prefix(prefix).flat_map(|place| self.of_place(place)).for_each(visit);
    }

    /// All forms with their postings.
    pub(super) fn forms(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = Posting>)> {
        (0_u32..).zip(self.forms.iter()).map(|(place, form)| (form, self.of_place(place)))
    }

    #[inline]
    fn of_place(&self, place: u32) -> impl Iterator<Item = Posting> {
        self.postings.get(place).iter().map(|posting| Posting::of(*posting))
    }
}
