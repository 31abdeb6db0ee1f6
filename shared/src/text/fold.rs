//! Folding of texts for comparison: without case, and for searches without
//! diacritics. Independent of the locale: `I` is always `i`.

use icu_normalizer::{
    ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed,
    properties::CanonicalCombiningClassMapBorrowed,
};

use super::unicode::{is_ignorable, nfc};

/// The canonical combining class: 0 except for marks that belong to the previous
/// letter.
pub(crate) fn class(c: char) -> u8 {
    CanonicalCombiningClassMapBorrowed::new().get_u8(c)
}

/// Folds case letter by letter. `str::to_lowercase` depends on the letter after a
/// Greek sigma, so that a word and its prefix would differ. Conversion to upper case
/// and back unifies `σ`, `ς` and `Σ`, and `ß`, `ẞ` and `SS`.
fn case_folded(text: &str) -> String {
    let upper = text.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}

/// Maximum bytes of a text that searches compare: a sort key has 1,024 for it and an
/// id. Compatibility forms may expand one character to 18.
const LONGEST: usize = 240;

/// Folds a value for filters: case is folded and blanks are single; everything else
/// counts: `1/2` is not `1-2`, and `m²` not `m2`.
pub fn compared(text: &str) -> String {
    let text = nfc(text);
    let folded: String = case_folded(&text).chars().filter(|c| !is_ignorable(*c)).collect();
    let words: Vec<&str> = folded.split_whitespace().collect();
    nfc(&words.join(" ")).into_owned()
}

/// Folds as [`compared`] does, with compatibility forms (NFKC) replaced: `Ａ` is `a`.
pub(super) fn compatible(text: &str) -> String {
    compared(&ComposingNormalizerBorrowed::new_nfkc().normalize(text))
}

/// Folds a text for searches: as [`compatible`], and without diacritics. Both the
/// stored text and the query are folded, so `creme` and `crème` find each other. In
/// Cyrillic `ё` is `е`, and other letters are kept: `й` is not `и`.
pub(crate) fn plain(text: &str) -> String {
    let parts = DecomposingNormalizerBorrowed::new_nfd();
    let mut plain = String::new();
    let mut base = ' ';
    for c in parts.normalize(&compatible(text)).chars() {
        if class(c) == 0 {
            base = c;
            match letters(c) {
                Some(letters) => plain.push_str(letters),
                None => plain.push(c),
            }
        } else if !is_diacritic(base, c) {
            plain.push(c);
        }
    }
    nfc(&plain).into_owned()
}

/// True if searches ignore a mark. With marks, Indic, Thai and Japanese letters
/// become other letters.
fn is_diacritic(base: char, mark: char) -> bool {
    match base {
        // Latin, Greek, Hebrew, Arabic.
        '\0'..='\u{3ff}'
        | '\u{590}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{1e00}'..='\u{1fff}'
        | '\u{2c60}'..='\u{2c7f}'
        | '\u{a720}'..='\u{a7ff}'
        | '\u{ab30}'..='\u{ab6f}' => true,
        // Cyrillic: `ё`, and stress marks, except in `ѓ` and `ќ`, which are letters
        // of their own.
        '\u{400}'..='\u{52f}' => match mark {
            '\u{308}' => base == 'е',
            '\u{301}' => !matches!(base, 'г' | 'к'),
            '\u{300}' => true,
            _ => false,
        },
        _ => false,
    }
}

/// Common spelling of letters without a decomposition.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        _ => return None,
    })
}

/// The words of a text, folded for searches. Signs separate words, except `+` and `#`
/// at the end of one, as in `C++` and `C#`. A number sign becomes `♯`, as `#`
/// separates the parts of keys.
pub fn words(text: &str) -> Vec<String> {
    let text = plain(text);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut signs = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || class(c) != 0 {
            if !signs.is_empty() {
                // `A+B` is two words.
                words.push(std::mem::take(&mut word));
                signs.clear();
            }
            word.push(c);
        } else if !word.is_empty() && matches!(c, '+' | '#' | '♯') {
            signs.push(if c == '#' { '♯' } else { c });
        } else {
            word.push_str(&std::mem::take(&mut signs));
            words.push(std::mem::take(&mut word));
        }
    }
    word.push_str(&signs);
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The words of a text with single blanks between them, for prefix searches. At most
/// 240 bytes.
pub fn searched(text: &str) -> String {
    let text = words(text).join(" ");
    text[..text.floor_char_boundary(LONGEST)].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greek_word_begins_with_its_beginning() {
        for (word, start) in
            [("ΟΔΥΣΣΕΑΣ", "ΟΔΥΣ"), ("οδυσσέας", "οδυσ"), ("Κόσμος", "ΚΟΣ"), ("ΚΟΣΜΟΣ", "κόσμος")]
        {
            assert!(searched(word).starts_with(&searched(start)), "{word} {start}");
        }
        assert_eq!(compared("ΚΟΣΜΟΣ"), compared("κοσμοσ"));
    }

    #[test]
    fn case_is_folded_without_a_locale() {
        for (one, other) in [
            ("STRASSE", "straße"),
            ("ẞ", "ss"),
            ("İ", "i\u{307}"),
            ("\u{212a}", "k"),
            ("ΐ", "Ϊ\u{301}"),
            ("ﬃ", "FFI"),
        ] {
            assert_eq!(compared(one), compared(other), "{one} {other}");
        }
    }

    #[test]
    fn a_word_is_found_with_and_without_its_diacritics() {
        for (one, other) in [
            ("Crème brûlée", "creme brulee"),
            ("cre\u{300}me", "crème"),
            ("Éloïse", "E\u{301}loi\u{308}se"),
            ("Smørrebrød", "smorrebrod"),
            ("Łódź", "lodz"),
            ("Đặng", "dang"),
            ("Ήλιος", "ηλιοσ"),
            ("Зелёный", "зеленый"),
            ("за\u{301}мок", "замок"),
            ("שָׁלוֹם", "שלום"),
            ("مُحَمَّد", "محمد"),
            ("İstanbul", "istanbul"),
            ("ＡＭ３", "am3"),
        ] {
            assert_eq!(searched(one), searched(other), "{one} {other}");
        }
    }

    #[test]
    fn letters_that_only_look_like_others_stay_themselves() {
        for (one, other) in [("й", "и"), ("ї", "і"), ("ў", "у"), ("ѓ", "г"), ("が", "か"), ("ड़", "ड")]
        {
            assert_ne!(searched(one), searched(other), "{one} {other}");
            assert_eq!(
                searched(one),
                searched(&one.chars().flat_map(char::to_uppercase).collect::<String>())
            );
        }
        assert_eq!(words("हिन्दी चाय").len(), 2);
    }

    #[test]
    fn signs_part_words_but_at_their_ends() {
        assert_eq!(words("TEA-EARL_GREY 1/2"), ["tea", "earl", "grey", "1", "2"]);
        assert_eq!(words("C++, C# & R&D; A+B -1"), ["c++", "c♯", "r", "d", "a", "b", "1"]);
        assert!(words("?! *** \u{200b} +").is_empty());
        assert!(searched(&"\u{fdfa}".repeat(100)).len() <= LONGEST);
    }

    #[test]
    fn values_are_compared_exactly_but_for_case_and_blanks() {
        assert_eq!(compared("  AM3+  socket "), "am3+ socket");
        for (one, other) in [
            ("AM3", "AM3+"),
            ("1/2", "1-2"),
            ("1.2", "1 2"),
            ("***", ""),
            ("creme", "crème"),
            ("m²", "m2"),
            ("½", "1/2"),
        ] {
            assert_ne!(compared(one), compared(other), "{one} {other}");
        }
    }
}
