//! Words of Russian and English texts, and keys by which forms of one word find each
//! other.
//!
//! An index stores the words as they are in the text ([`words`]) and a table of their
//! [`keys`], so that the prefix of a word is exact and another [`VERSION`] needs no
//! texts. Words of other languages have themselves as their key.

mod english;
mod english_exceptions;
mod letters;
mod russian;
mod russian_exceptions;
mod russian_verbs;
mod split;

pub use self::split::{Word, words};

/// Number of the analysis: rises whenever [`words`] or [`keys`] give other results.
pub const VERSION: u32 = 1;

/// Keys of a word: from one to three, all different.
pub type Keys = std::iter::Flatten<std::array::IntoIter<Option<String>, 3>>;

/// Maximum length of a word with other forms, in bytes. Longer ones are no words.
const LONGEST: usize = 80;

/// Finds the value of a word in a sorted table.
fn exception(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let at = table.binary_search_by_key(&word, |(word, _)| word).ok()?;
    table.get(at).map(|(_, value)| *value)
}

/// Returns the keys of a normalised word. Two words are forms of one word if they share
/// a key. A text that [`words`] does not give has itself as its key.
pub fn keys(form: &str) -> Keys {
    let keys = if form.len() > LONGEST {
        [Some(form.to_owned()), None, None]
    } else if form.bytes().all(|byte| byte.is_ascii_lowercase()) {
        [Some(english::key(form)), None, None]
    } else if form.chars().all(|c| matches!(c, 'а'..='я')) {
        russian::keys(form)
    } else {
        [Some(form.to_owned()), None, None]
    };
    keys.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{
        english_exceptions::{IRREGULAR, SPELLINGS},
        russian_exceptions::{FORMS, KEPT, STEMS},
    };

    #[test]
    fn tables_are_sorted_for_binary_search() {
        for table in [&FORMS[..], &STEMS, &IRREGULAR, &SPELLINGS] {
            assert!(table.is_sorted_by(|one, next| one.0 < next.0), "{table:?}");
        }
        assert!(KEPT.is_sorted_by(|one, next| one < next));
    }
}
