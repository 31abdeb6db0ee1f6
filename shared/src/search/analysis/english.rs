//! Keys of English words: Snowball's stems, with irregular forms, British spellings and
//! exceptions for words that Snowball takes for forms of others.

use std::{borrow::Cow, sync::LazyLock};

use frostem::{Algorithm, Stemmer};

use super::{
    english_exceptions::{APART, IRREGULAR, SPELLINGS},
    exception,
};

static SNOWBALL: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));

/// Returns the key of a word of the letters `a` to `z`.
pub(super) fn key(form: &str) -> String {
    let form = american(exception(&IRREGULAR, form).unwrap_or(form));
    if let Some(apart) = APART.iter().find(|beginning| form.starts_with(**beginning)) {
        return (*apart).to_owned();
    }
    let stem = SNOWBALL.stem(&form);
    exception(&SPELLINGS, &stem).map_or_else(|| stem.clone().into_owned(), str::to_owned)
}

/// Minimum letters before `-ise`: `noise` and `raise` are not spelt with `z`.
const STEM_OF_ISE: usize = 4;

/// Replaces `s` by `z` in `-ise`, `-isation` and their forms. Words that are spelt with `s`
/// everywhere (`exercise`) get a `z` in all their forms alike.
fn american(form: &str) -> Cow<'_, str> {
    let endings = ["ise", "ised", "iser", "isers", "ises", "ising", "isation", "isations", "isational"];
    for ending in endings {
        if let Some(stem) = form.strip_suffix(ending).filter(|stem| stem.len() >= STEM_OF_ISE) {
            return format!("{stem}{}", ending.replacen("is", "iz", 1)).into();
        }
    }
    form.into()
}
