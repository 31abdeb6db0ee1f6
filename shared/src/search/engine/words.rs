//! Words of a query, and the scores of documents for them.

use super::{
    Schema,
    bits::Bits,
    strings::ordinal,
    synonyms::Synonyms,
    texts::{Posting, Texts},
};
use crate::search::analysis::{self, Word};

/// Words of a query that count.
const MAX_WORDS: usize = 16;

/// Bonus, in weights of the title, for a title with all words.
const TITLE_BONUS: u32 = 4;

/// Words of a query, all of which a document has, or synonyms of them.
///
/// The score of a document is a sum without statistics of the index, so that it does not
/// change when other documents do: for each word twice the weights of the fields that have it in
/// any form and once the weights of those that have exactly this form, and a bonus if the
/// title has all words. A synonym scores as another form of what it stands for.
#[derive(Debug)]
pub(super) struct Words {
    places: Vec<Place>,
    weights: [u32; 256],
}

/// One or more neighbouring words of a query, and what may stand for them.
#[derive(Debug)]
struct Place {
    words: Vec<Forms>,
    synonyms: Vec<Vec<Forms>>,
}

/// Forms that stand for a word: itself, and the compounds that it is a part of.
type Forms = Vec<Form>;

/// Form that stands for a word of the query.
#[derive(Debug)]
struct Form {
    word: String,
    keys: Vec<String>,
    /// True if it may be the beginning of a word.
    is_prefix: bool,
}

/// Documents with some words, their scores, and the fields in which each has all of them.
#[derive(Debug)]
struct Matches {
    documents: Bits,
    scores: Vec<u32>,
    fields: Vec<u8>,
}

impl Words {
    /// Analyses the text of a query. The parts of a compound are words, and the compound in one
    /// piece stands for each of them.
    pub(super) fn of(text: &str, synonyms: &Synonyms, schema: &Schema) -> Self {
        let found: Vec<Word> = analysis::words(text).into_iter().take(MAX_WORDS * 2).collect();
        let (parts, wholes): (Vec<&Word>, Vec<&Word>) = found.iter().partition(|word| word.span == 1);
        // The last word may be the beginning of one, and so may a compound that ends with it.
        let last = parts.last().map(|last| last.position).filter(|_| !text.ends_with(char::is_whitespace));
        let words = parts.iter().take(MAX_WORDS).map(|part| {
            let is_last = |word: &Word| last.is_some_and(|last| covers(word, last));
            let wholes = wholes.iter().filter(|whole| covers(whole, part.position));
            let forms = std::iter::once(part).chain(wholes);
            forms.map(|word| Form::of(&word.form, is_last(word))).collect()
        });
        let forms: Vec<&str> = parts.iter().take(MAX_WORDS).map(|part| part.form.as_str()).collect();
        Self { places: places(words.collect(), &forms, synonyms), weights: schema.weights() }
    }

    /// True if every document fits.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Keeps the documents of a segment that have all words. Returns their scores.
    pub(super) fn keep(&self, texts: &Texts, documents: usize, found: &mut Bits) -> Vec<u32> {
        let mut all = Matches::of_all(documents);
        for place in &self.places {
            let mut of_place = self.scores(texts, documents, &place.words);
            for synonym in &place.synonyms {
                let mut of_synonym = self.scores(texts, documents, synonym);
                of_synonym.scale(ordinal(place.words.len()), ordinal(synonym.len()));
                of_place.or(&of_synonym);
            }
            all.and(&of_place);
            found.keep(&all.documents);
            if found.is_empty() {
                return all.scores;
            }
        }
        let bonus = TITLE_BONUS * self.weight(1);
        for (score, fields) in all.scores.iter_mut().zip(&all.fields) {
            *score += if fields & 1 == 1 { bonus } else { 0 };
        }
        all.scores
    }

    /// The documents with all of these words.
    fn scores(&self, texts: &Texts, documents: usize, words: &[Forms]) -> Matches {
        let mut all = Matches::of_all(documents);
        let mut fields = vec![(0_u8, 0_u8); documents];
        for word in words {
            fields.fill((0, 0));
            for form in word {
                form.visit(texts, &mut fields);
            }
            let mut matching = Bits::none(documents);
            let values = all.scores.iter_mut().zip(&mut all.fields);
            for (document, ((any, exact), (score, all))) in (0_u32..).zip(fields.iter().zip(values)) {
                if *any > 0 {
                    matching.add(document);
                    *score += 2 * self.weight(*any) + self.weight(*exact);
                    *all &= any;
                }
            }
            all.documents.keep(&matching);
        }
        all
    }

    #[inline]
    fn weight(&self, fields: u8) -> u32 {
        self.weights.get(usize::from(fields)).copied().unwrap_or_default()
    }
}

impl Matches {
    fn of_all(documents: usize) -> Self {
        Self { documents: Bits::all(documents), scores: vec![0; documents], fields: vec![u8::MAX; documents] }
    }

    /// Gives words that stand for others the score of as many as these.
    fn scale(&mut self, others: u32, own: u32) {
        self.scores.iter_mut().for_each(|score| *score = *score * others / own.max(1));
    }

    /// Keeps the documents that `other` has too, with both scores.
    fn and(&mut self, other: &Self) {
        self.documents.keep(&other.documents);
        self.scores.iter_mut().zip(&other.scores).for_each(|(score, other)| *score += other);
        self.fields.iter_mut().zip(&other.fields).for_each(|(fields, other)| *fields &= other);
    }

    /// Adds the documents of `other`. Of a document in both the higher score counts.
    fn or(&mut self, other: &Self) {
        for document in other.documents.iter() {
            let at = document as usize;
            let own = self.scores.get_mut(at).zip(self.fields.get_mut(at));
            let others = other.scores.get(at).zip(other.fields.get(at));
            let Some(((score, fields), (other_score, other_fields))) = own.zip(others) else { continue };
            if self.documents.has(document) {
                *score = (*score).max(*other_score);
                *fields |= other_fields;
            } else {
                self.documents.add(document);
                (*score, *fields) = (*other_score, *other_fields);
            }
        }
    }
}

impl Form {
    fn of(form: &str, is_prefix: bool) -> Self {
        Self { word: form.to_owned(), keys: analysis::keys(form).collect(), is_prefix }
    }

    /// A form of a synonym: none of its documents has what was asked for exactly.
    fn of_synonym(form: &str) -> Self {
        Self { word: String::new(), ..Self::of(form, false) }
    }

    /// Adds the fields of each document that have a form of the word, and those that have
    /// exactly this form.
    fn visit(&self, texts: &Texts, fields: &mut [(u8, u8)]) {
        let mut add = |posting: Posting| {
            if let Some((any, _)) = fields.get_mut(posting.document as usize) {
                *any |= posting.fields;
            }
        };
        self.keys.iter().for_each(|key| texts.of_key(key, &mut add));
        if self.is_prefix {
            texts.of_prefix(&self.word, &mut add);
        }
        texts.of_form(&self.word, |posting| {
            if let Some((any, exact)) = fields.get_mut(posting.document as usize) {
                *any |= posting.fields;
                *exact |= posting.fields;
            }
        });
    }
}

/// Words by the synonyms of them and of their neighbours.
fn places(words: Vec<Forms>, forms: &[&str], synonyms: &Synonyms) -> Vec<Place> {
    let mut places = Vec::with_capacity(words.len());
    let mut rest = words.into_iter();
    let mut at = 0;
    while let Some(first) = rest.next() {
        let found = forms.get(at..).and_then(|forms| synonyms.at(forms));
        let (length, others) = found.unwrap_or((1, Vec::new()));
        let words = std::iter::once(first).chain(rest.by_ref().take(length - 1)).collect();
        let synonym = |phrase: &[String]| phrase.iter().map(|form| vec![Form::of_synonym(form)]).collect();
        places.push(Place { words, synonyms: others.into_iter().map(synonym).collect() });
        at += length;
    }
    places
}

/// True if a word stands at a position, or a compound that has a part there.
fn covers(word: &Word, position: u32) -> bool {
    (word.position..word.position + word.span).contains(&position)
}
