//! Known words for the unknown ones of a query.

use std::collections::BTreeMap;

use super::slot::Slot;
use crate::search::analysis;

/// Minimum characters of a word that another may be suggested for.
const SHORTEST: usize = 3;

/// Returns the words of a text, with a known word one edit away for each unknown one; the most
/// frequent if there are several. `None` if all words are known, or one has no such neighbour.
pub(super) fn suggest(text: &str, slots: &[Slot]) -> Option<String> {
    let open = !text.ends_with(char::is_whitespace);
    let words: Vec<String> =
        analysis::words(text).into_iter().filter(|word| word.span == 1).map(|word| word.form).collect();
    let mut suggested = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        let may_be_beginning = open && place + 1 == words.len();
        if is_known(word, may_be_beginning, slots) {
            suggested.push(word.clone());
        } else {
            suggested.push(neighbour(word, slots)?);
        }
    }
    (suggested != words).then(|| suggested.join(" "))
}

fn is_known(word: &str, may_be_beginning: bool, slots: &[Slot]) -> bool {
    slots.iter().any(|slot| {
        let texts = &slot.segment.texts;
        let mut found = false;
        let mut see = |document: u32| found |= slot.live.has(document);
        texts.of_form(word, |posting| see(posting.document));
        analysis::keys(word).for_each(|key| texts.of_key(&key, |posting| see(posting.document)));
        if may_be_beginning {
            texts.of_prefix(word, |posting| see(posting.document));
        }
        found
    })
}

/// The form one edit away that most documents have.
fn neighbour(word: &str, slots: &[Slot]) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < SHORTEST || letters.iter().any(|c| c.is_numeric()) {
        return None;
    }
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for slot in slots {
        for (form, postings) in slot.segment.texts.forms() {
            if is_one_edit_away(&letters, form) {
                let documents = postings.filter(|posting| slot.live.has(posting.document)).count();
                *found.entry(form).or_default() += documents;
            }
        }
    }
    let known = found.into_iter().filter(|(_, documents)| *documents > 0);
    // Of equally frequent ones the first in the alphabet.
    let best = known.min_by_key(|(form, documents)| (std::cmp::Reverse(*documents), *form));
    best.map(|(form, _)| form.to_owned())
}

/// True if one letter is added, left out or replaced, or two neighbours change places.
fn is_one_edit_away(letters: &[char], form: &str) -> bool {
    // Letters of the alphabets in question have one or two bytes.
    if form.len() > 4 * (letters.len() + 1) {
        return false;
    }
    let other: Vec<char> = form.chars().collect();
    let (short, long) =
        if letters.len() <= other.len() { (letters, &other[..]) } else { (&other[..], letters) };
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (short, long) = (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (short, long) {
        (short, [_, rest @ ..]) if short == rest => true,
        ([_, short @ ..], [_, long @ ..]) if short == long => true,
        ([a, b, short @ ..], [c, d, long @ ..]) => a == d && b == c && short == long,
        _ => false,
    }
}
