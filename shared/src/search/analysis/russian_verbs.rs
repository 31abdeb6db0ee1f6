//! Stems of Russian verbs.
//!
//! Only endings that nouns and adjectives seldom have are known: `играть`, `играл`,
//! `играет` and `играем` meet, `пишу` and `писать` do not.

use super::letters::is_vowel;

/// Returns the stem of a verb with its last vowel: `игра`, `учи`, and `танцу` of
/// `танцевать`.
pub(super) fn verb_stem(form: &str) -> Option<String> {
    let plain = form.strip_suffix("ся").or_else(|| form.strip_suffix("сь"));
    let stem = stem(plain.unwrap_or(form), plain.is_some())?;
    // One vowel is the ending's: `лет` is no verb.
    (stem.chars().count() > 2).then_some(stem)
}

fn stem(verb: &str, is_reflexive: bool) -> Option<String> {
    for ending in ["ить", "ила", "ило", "или", "ите", "ишь", "ит", "ил", "ят"] {
        if let Some(stem) = verb.strip_suffix(ending) {
            return Some(format!("{stem}и"));
        }
    }
    if let Some(stem) = verb.strip_suffix("ат").filter(|stem| stem.ends_with(['ж', 'ш', 'ч', 'щ'])) {
        return Some(format!("{stem}и"));
    }
    if let Some(stem) = verb.strip_suffix("им").filter(|_| is_reflexive) {
        return Some(format!("{stem}и"));
    }
    for ending in ["ть", "л", "ла", "ло", "ли", "ет", "ете", "ешь", "ют", "йте", "ем"]
    {
        if let Some(stem) = verb.strip_suffix(ending).filter(|stem| stem.ends_with(is_vowel)) {
            return Some(match stem.strip_suffix("ова").or_else(|| stem.strip_suffix("ева")) {
                Some(root) => format!("{root}у"),
                None => stem.to_owned(),
            });
        }
    }
    if is_reflexive && verb.ends_with('и') {
        return Some(verb.to_owned());
    }
    verb.strip_suffix('ю').filter(|stem| stem.ends_with(['а', 'я'])).map(str::to_owned)
}
