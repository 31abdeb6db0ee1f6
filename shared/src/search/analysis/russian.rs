//! Keys of Russian words.
//!
//! Snowball lets 94 % of the form pairs of nouns meet: it takes the ends of nouns for
//! endings of verbs (`билет`, `канал`) and knows no fleeting vowels. So the first key is
//! made with the endings of nouns and adjectives only. A word with the ending of a verb
//! has a further key with a mark: `балет` does not meet `бал`.

use std::borrow::Cow;

use super::{
    exception,
    letters::is_vowel,
    russian_exceptions::{FORMS, KEPT, STEMS},
    russian_verbs::verb_stem,
};

/// Endings of nouns and adjectives, longest first.
const ENDINGS: [&str; 63] = [
    "ьями", "иями", "ями", "ами", "иям", "иях", "ием", "ией", "ьям", "ьях", "ьев", "ьем", "ьей", "ьми",
    "его", "ого", "ему", "ому", "ыми", "ими", "ах", "ях", "ам", "ям", "ом", "ем", "ов", "ев", "ей", "ой",
    "ий", "ый", "ые", "ие", "ия", "ию", "ии", "ья", "ью", "ье", "ьи", "ую", "юю", "ая", "яя", "ое", "ее",
    "ых", "их", "ым", "им", "ою", "ею", "а", "я", "о", "е", "и", "ы", "у", "ю", "ь", "й",
];

/// Returns the keys of a word of the letters `а` to `я`: its stem, the stem of other forms
/// if the word may end otherwise in them, and its stem as a verb.
pub(super) fn keys(form: &str) -> [Option<String>; 3] {
    if let Some(exception) = exception(&FORMS, form) {
        let mut keys = exception.split(' ').map(str::to_owned);
        return [keys.next(), keys.next(), keys.next()];
    }
    let (stem, ending) = declined(form);
    let first = regular(trimmed(stem));
    let other = match ending {
        "" | "ь" => without_fleeting_vowel(stem),
        // `Чехов` and `Ростов` end like a genitive.
        "ов" | "ев" => Some(form.to_owned()),
        _ => None,
    };
    let other = other.map(|stem| regular(&stem).into_owned()).filter(|other| *other != first);
    [Some(first.into_owned()), other, verb_stem(form).map(|stem| format!("~{stem}"))]
}

/// Replaces the stem of an irregular word.
fn regular(stem: &str) -> Cow<'_, str> {
    if let Some(key) = exception(&STEMS, stem) {
        return key.into();
    }
    // `граждане`, `гражданин`.
    match stem.strip_suffix("ин") {
        Some(plural) if plural.ends_with("ан") || plural.ends_with("ян") => plural.into(),
        _ => stem.into(),
    }
}

/// Splits a word into its stem and its longest ending. The stem has a vowel, or is that
/// of an irregular word (`дн`).
fn declined(form: &str) -> (&str, &str) {
    if KEPT.binary_search(&form).is_ok() {
        return (form, "");
    }
    let mut longest = None;
    for ending in ENDINGS {
        let Some(stem) = form.strip_suffix(ending) else { continue };
        if KEPT.binary_search(&stem).is_ok() {
            return (stem, ending);
        }
        if longest.is_none() && (stem.contains(is_vowel) || exception(&STEMS, stem).is_some()) {
            longest = Some((stem, ending));
        }
    }
    longest.unwrap_or((form, ""))
}

/// Removes the end of a stem that forms of one word differ in: `юбиле-я` and `юбил-ей`.
fn trimmed(stem: &str) -> &str {
    match stem.strip_suffix(['а', 'е', 'и', 'й', 'ь']) {
        Some(rest) if rest.contains(is_vowel) && KEPT.binary_search(&stem).is_err() => rest,
        _ => stem,
    }
}

/// Returns the stem of the other forms: `выставок` and `выставка`, `боец` and `бойца`.
fn without_fleeting_vowel(stem: &str) -> Option<String> {
    let mut end = stem.chars().rev();
    let (last, vowel, before) = (end.next()?, end.next()?, end.next()?);
    let softened = match (vowel, last) {
        ('о' | 'е', 'к') | ('е', 'ц' | 'н') if is_vowel(before) => "й",
        ('е', 'к') if matches!(before, 'л' | 'н') => "ь",
        ('е', 'ц' | 'н') if before == 'л' => "ь",
        ('о', 'к') | ('е', 'к' | 'ц' | 'н') => "",
        _ => return None,
    };
    let rest = stem.strip_suffix(last)?.strip_suffix(vowel)?;
    rest.contains(is_vowel).then(|| format!("{rest}{softened}{last}"))
}
