//! Slugs made from names: words in Latin letters with hyphens between them.

use std::fmt::Display;

use super::{Slug, fold::compatible};
use crate::Failure;

/// Maximum length of a slug.
const LONGEST: usize = 100;

/// Makes a slug of the words of `text` in ASCII, at most `longest` bytes, cut at the
/// end of a word. `None` if no letter or digit remains.
pub fn slug(text: &str, longest: usize) -> Option<String> {
    let ascii = transliterated(text);
    let mut slug = String::new();
    for word in ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let hyphen = usize::from(!slug.is_empty());
        if slug.len() + hyphen + word.len() > longest {
            if slug.is_empty() {
                // A single word longer than the limit is cut.
                slug.push_str(&word[..longest.min(word.len())]);
            }
            break;
        }
        if hyphen == 1 {
            slug.push('-');
        }
        slug.push_str(word);
    }
    (!slug.is_empty()).then_some(slug)
}

/// Slugs to try in this order for a thing without one of its maker's choice: one made of its
/// name, the same with the end of the id, and the id.
pub fn slugs_of(name: &str, id: impl Display) -> Result<Vec<Slug>, Failure> {
    let id = id.to_string().replace('_', "-");
    let end = &id[id.len().saturating_sub(12)..];
    let longer = slug(name, LONGEST - 1 - end.len()).map(|slug| format!("{slug}-{end}"));
    let texts = slug(name, LONGEST).into_iter().chain(longer).chain([id.clone()]);
    texts.map(|text| Slug::parse(&text).map_err(Failure::internal)).collect()
}

fn transliterated(text: &str) -> String {
    let text = compatible(text);
    let mut ascii = String::new();
    let mut before = ' ';
    for c in text.chars() {
        match c {
            _ if c.is_ascii_alphanumeric() => ascii.push(c),
            // `C++` and `C#` are not `C`.
            '+' if before.is_alphanumeric() || before == '+' => ascii.push_str(" plus "),
            '#' if before.is_alphanumeric() => ascii.push_str(" sharp "),
            '&' => ascii.push_str(" and "),
            // An apostrophe within a word: `o'hara`, `l’eau`.
            '\'' | '’' | 'ʼ' => {}
            // A digraph: `ου` and `ού` are `ou`.
            'υ' | 'ύ' if before == 'ο' => ascii.push('u'),
            _ => match cyrillic(c).or_else(|| greek(c)) {
                Some(letters) => ascii.push_str(letters),
                // deunicode adds a blank after each ideograph, which keeps syllables
                // apart.
                None => ascii.push_str(&deunicode::deunicode_char(c).unwrap_or(" ").to_ascii_lowercase()),
            },
        }
        before = c;
    }
    ascii
}

/// Lower-case letters that deunicode transliterates badly: it writes `Зелёный` as
/// `Zelionyi`, `щ` as `shch` but `ц` as `ts` and `х` as `kh`, and Greek `η` as `e`.
/// Russian follows BGN/PCGN without its marks; the other Cyrillic alphabets follow
/// their passports.
fn cyrillic(c: char) -> Option<&'static str> {
    Some(match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'ѐ' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ѝ' => "i",
        'ї' => "yi",
        'й' | 'ы' => "y",
        'к' | 'ќ' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ђ' => "dj",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ћ' => "c",
        'џ' | 'ѕ' => "dz",
        _ => return None,
    })
}

fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'η' | 'ή' | 'ι' | 'ί' | 'ϊ' | 'ΐ' => "i",
        'υ' | 'ύ' | 'ϋ' | 'ΰ' => "y",
        'ω' | 'ώ' => "o",
        'χ' => "ch",
        'θ' => "th",
        'φ' => "f",
        'ψ' => "ps",
        'ξ' => "x",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_says_the_name_in_latin_letters() {
        for (name, expected) in [
            ("Crème brûlée 500 ml", "creme-brulee-500-ml"),
            ("Зелёный чай", "zelenyy-chay"),
            ("Щётка для обуви", "shchetka-dlya-obuvi"),
            ("Об'єкт у Києві", "obyekt-u-kiyevi"),
            ("Љубав и џем", "ljubav-i-dzem"),
            ("Für Männer, Größe L", "fur-manner-grosse-l"),
            ("Smørrebrød & Łódź", "smorrebrod-and-lodz"),
            ("ΚΟΣΜΟΣ του Ήλιου", "kosmos-tou-iliou"),
            ("Œuvre d’art", "oeuvre-dart"),
            ("C++ and C#", "c-plus-plus-and-c-sharp"),
            ("ＡＭ３ ½", "am3-1-2"),
            ("绿茶", "lu-cha"),
        ] {
            assert_eq!(slug(name, 100).as_deref(), Some(expected), "{name}");
        }
        assert_eq!((slug("!!!", 100), slug("\u{200b}", 100)), (None, None));
    }

    #[test]
    fn a_long_slug_begins_as_the_name_does_and_ends_with_a_word() {
        assert_eq!(slug("alabaster bookends carved", 20).as_deref(), Some("alabaster-bookends"));
        assert_eq!(slug("alabaster bookends carved", 18).as_deref(), Some("alabaster-bookends"));
        assert_eq!(slug("alabaster bookends carved", 10).as_deref(), Some("alabaster"));
        assert_eq!(slug("alabaster", 4).as_deref(), Some("alab"));
    }
}
