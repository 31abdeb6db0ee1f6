//! Splits texts into normalised words.

use std::mem::take;

use crate::text::{class, plain};

/// Maximum length of a compound that is given as a whole, in bytes: `a-a-a-…` is no word.
const LONGEST_COMPOUND: usize = 80;

/// Word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Normalised form: lower case, without diacritics, `ё` as `е`.
    pub form: String,
    /// Position in the text, from 0. The whole of a compound has the position of its
    /// first part.
    pub position: u32,
    /// Number of positions: 1, and for the whole of a compound the number of its parts.
    pub span: u32,
}

/// Returns the words of a text in order. Signs separate words. A hyphen or an apostrophe
/// joins parts to a compound: the parts are given, and after them the whole without its
/// signs (`мастер`, `класс`, `мастеркласс`). An English `'s` is left out. `+` and `#` at
/// the end of a word belong to it, as in `shared::text::words`: `c++` is not `c`.
pub fn words(text: &str) -> Vec<Word> {
    let mut splitter = Splitter::default();
    for piece in text.split_whitespace() {
        // Normalisation by the tables of Unicode takes more than ten times as long.
        if piece.chars().all(|c| simple(c).is_some()) {
            piece.chars().filter_map(simple).for_each(|c| splitter.push(c));
        } else {
            plain(piece).chars().for_each(|c| splitter.push(c));
        }
        splitter.end();
    }
    splitter.words
}

/// Folds a character of common Russian and English texts as [`plain`] does. `None` for
/// others, and for what belongs to the character before it.
fn simple(c: char) -> Option<char> {
    match c {
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        'а'..='я' | '«' | '»' | '–' | '—' | '“' | '”' | '„' | '’' => Some(c),
        'А'..='Я' => c.to_lowercase().next(),
        'ё' | 'Ё' => Some('е'),
        _ => None,
    }
}

fn is_hyphen(c: char) -> bool {
    // NFKC writes the non-breaking hyphen as U+2010.
    matches!(c, '-' | '\u{2010}')
}

fn is_apostrophe(c: char) -> bool {
    // U+02BC is a letter to Unicode.
    matches!(c, '\'' | '’' | 'ʼ')
}

#[derive(Default)]
struct Splitter {
    words: Vec<Word>,
    part: String,
    /// Hyphen or apostrophe before `part`.
    before: Option<char>,
    /// Hyphen or apostrophe after `part`, before another part is seen.
    joint: Option<char>,
    /// `+` and `#` after `part`.
    signs: String,
    whole: String,
    first: u32,
    position: u32,
}

impl Splitter {
    fn push(&mut self, c: char) {
        let has_part = !self.part.is_empty();
        if (is_hyphen(c) || is_apostrophe(c)) && has_part && self.joint.is_none() && self.signs.is_empty() {
            self.joint = Some(c);
        } else if matches!(c, '+' | '#' | '♯') && has_part && self.joint.is_none() {
            // A number sign separates the parts of keys of the table.
            self.signs.push(if c == '#' { '♯' } else { c });
        } else if class(c) != 0 {
            // A mark belongs to the letter before it, and to nothing after a sign.
            if has_part && self.joint.is_none() && self.signs.is_empty() {
                self.part.push(c);
            }
        } else if c.is_alphanumeric() && !is_apostrophe(c) {
            if !self.signs.is_empty() {
                // `A+B` is two words.
                self.signs.clear();
                self.end();
            } else if let Some(joint) = self.joint.take() {
                self.end_part();
                self.before = Some(joint);
            }
            self.part.push(c);
        } else {
            self.end();
        }
    }

    fn end_part(&mut self) {
        let mut form = take(&mut self.part);
        form.push_str(&take(&mut self.signs));
        let is_possessive = form == "s" && self.before.take().is_some_and(is_apostrophe);
        if form.is_empty() || is_possessive {
            return;
        }
        if self.whole.len() <= LONGEST_COMPOUND {
            self.whole.push_str(&form);
        }
        self.words.push(Word { form, position: self.position, span: 1 });
        self.position = self.position.saturating_add(1);
    }

    fn end(&mut self) {
        self.end_part();
        let form = take(&mut self.whole);
        let span = self.position - self.first;
        if span > 1 && form.len() <= LONGEST_COMPOUND {
            self.words.push(Word { form, position: self.first, span });
        }
        self.first = self.position;
        self.before = None;
        self.joint = None;
    }
}
