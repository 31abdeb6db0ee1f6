//! Words of a query, and the scores of documents for them.

use super::{
    Schema,
    bits::Bits,
    texts::{Posting, Texts},
};
use crate::search::analysis::{self, Word};

/// Words of a query that count.
const MAX_WORDS: usize = 16;

/// Bonus, in weights of the title, for a title with all words.
const TITLE_BONUS: u32 = 4;

/// Words of a query, all of which a document has.
///
/// The score of a document is a sum without statistics of the index, so that it does not
/// change when other documents do: for each word twice the weights of the fields that have it in
/// any form and once the weights of those that have exactly this form, and a bonus if the
/// title has all words.
#[derive(Debug)]
pub(super) struct Words {
    words: Vec<Vec<Form>>,
    weights: [u32; 256],
}

/// Form that stands for a word of the query.
#[derive(Debug)]
struct Form {
    word: String,
    keys: Vec<String>,
    /// True if it may be the beginning of a word.
    is_prefix: bool,
}

impl Words {
    /// Analyses the text of a query. The parts of a compound are words, and the compound in one
    /// piece stands for each of them.
    pub(super) fn of(text: &str, schema: &Schema) -> Self {
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
        Self { words: words.collect(), weights: schema.weights() }
    }

    /// True if every document fits.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Keeps the documents of a segment that have all words. Returns their scores.
    pub(super) fn keep(&self, texts: &Texts, documents: usize, found: &mut Bits) -> Vec<u32> {
        let mut scores = vec![0; documents];
        let mut in_all = vec![u8::MAX; documents];
        let mut fields = vec![(0_u8, 0_u8); documents];
        for word in &self.words {
            fields.fill((0, 0));
            for form in word {
                form.visit(texts, &mut fields);
            }
            let mut matching = Bits::none(documents);
            let values = scores.iter_mut().zip(&mut in_all);
            for (document, ((any, exact), (score, all))) in (0_u32..).zip(fields.iter().zip(values)) {
                if *any > 0 {
                    matching.add(document);
                    *score += 2 * self.weight(*any) + self.weight(*exact);
                    *all &= any;
                }
            }
            found.keep(&matching);
            if found.is_empty() {
                return scores;
            }
        }
        let bonus = TITLE_BONUS * self.weight(1);
        for (score, all) in scores.iter_mut().zip(&in_all) {
            *score += if all & 1 == 1 { bonus } else { 0 };
        }
        scores
    }

    #[inline]
    fn weight(&self, fields: u8) -> u32 {
        self.weights.get(usize::from(fields)).copied().unwrap_or_default()
    }
}

impl Form {
    fn of(form: &str, is_prefix: bool) -> Self {
        let mut keys = Vec::new();
        for key in analysis::keys(form) {
            let key: &str = key.as_ref();
            keys.push(key.to_owned());
        }
        Self { word: form.to_owned(), keys, is_prefix }
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

/// True if a word stands at a position, or a compound that has a part there.
fn covers(word: &Word, position: u32) -> bool {
    (word.position..word.position + word.span).contains(&position)
}
