//! Texts with the same meaning, each of which finds the others.

use std::collections::{HashMap, HashSet};

use crate::search::analysis;

/// Groups of synonyms. A text of one or more words finds what the others of its groups find.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    groups: Vec<Vec<Phrase>>,
    /// Group and place in it of the phrases, by the keys of their first words.
    by_key: HashMap<String, Vec<(usize, usize)>>,
}

/// Words of a synonym: its forms, and the keys of each.
#[derive(Debug, Clone)]
struct Phrase {
    forms: Vec<String>,
    keys: Vec<HashSet<String>>,
}

impl Synonyms {
    /// Takes groups of texts. Texts without words are left out.
    pub fn new<'a, G>(groups: impl IntoIterator<Item = G>) -> Self
    where
        G: IntoIterator<Item = &'a str>,
    {
        let mut synonyms = Self::default();
        for (group, texts) in groups.into_iter().enumerate() {
            let phrases: Vec<Phrase> = texts.into_iter().filter_map(Phrase::of).collect();
            for (place, phrase) in phrases.iter().enumerate() {
                for key in phrase.keys.first().into_iter().flatten() {
                    synonyms.by_key.entry(key.clone()).or_default().push((group, place));
                }
            }
            synonyms.groups.push(phrases);
        }
        synonyms
    }

    /// The longest synonym with which these words begin, in any form: the number of its words,
    /// and the words of the others of its groups.
    pub(super) fn at(&self, words: &[&str]) -> Option<(usize, Vec<&[String]>)> {
        let keys: Vec<HashSet<String>> = words.iter().map(|word| analysis::keys(word).collect()).collect();
        let mut found: Vec<(usize, usize)> =
            keys.first()?.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        let phrase = |(group, place): (usize, usize)| self.groups.get(group)?.get(place);
        let fitting: Vec<_> = found
            .into_iter()
            .filter_map(|at| Some((at, phrase(at).filter(|phrase| phrase.begins(&keys))?.forms.len())))
            .collect();
        let longest = fitting.iter().map(|(_, length)| *length).max()?;
        let others = fitting.iter().filter(|(_, length)| *length == longest).flat_map(|((group, own), _)| {
            let phrases = self.groups.get(*group).into_iter().flatten().enumerate();
            phrases.filter(move |(place, _)| place != own).map(|(_, phrase)| phrase.forms.as_slice())
        });
        Some((longest, others.collect()))
    }
}

impl Phrase {
    fn of(text: &str) -> Option<Self> {
        let words = analysis::words(text).into_iter().filter(|word| word.span == 1);
        let forms: Vec<String> = words.map(|word| word.form).collect();
        let keys = forms.iter().map(|form| analysis::keys(form).collect()).collect();
        (!forms.is_empty()).then_some(Self { forms, keys })
    }

    /// True if words, given by their keys, begin with this phrase.
    fn begins(&self, words: &[HashSet<String>]) -> bool {
        self.keys.len() <= words.len()
            && self.keys.iter().zip(words).all(|(own, keys)| !own.is_disjoint(keys))
    }
}
