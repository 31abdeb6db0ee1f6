//! Lists of forms, and the share of their pairs that meet.

use std::collections::BTreeSet;

use shared::search::analysis::{keys, words};

/// A word and its forms, normalised.
pub struct Lexeme {
    pub name: String,
    pub forms: BTreeSet<String>,
}

pub fn forms(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.form).collect()
}

/// Reads lines of a word and its forms with tabs between them.
pub fn lexemes(lines: &str) -> Vec<Lexeme> {
    let lexeme = |line: &str| Lexeme {
        name: line.split('\t').next().unwrap_or_default().to_owned(),
        forms: line.split('\t').flat_map(forms).collect(),
    };
    lines.lines().map(lexeme).collect()
}

fn share_a_key(one: &str, other: &str) -> bool {
    keys(one).any(|key| keys(other).any(|other| other == key))
}

/// True if the only words of two texts meet.
pub fn meet(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(forms);
    assert_eq!((one.len(), other.len()), (1, 1), "{one:?} {other:?}");
    share_a_key(&one[0], &other[0])
}

/// Counts the form pairs that meet, and all: `(met, pairs, words that lose most)`.
pub fn recall(lexemes: &[Lexeme]) -> (usize, usize, Vec<String>) {
    let (mut met, mut pairs, mut lost) = (0, 0, Vec::new());
    for lexeme in lexemes {
        let forms: Vec<&String> = lexeme.forms.iter().collect();
        let mut apart = 0;
        for (at, one) in forms.iter().enumerate() {
            for other in &forms[at + 1..] {
                pairs += 1;
                apart += usize::from(!share_a_key(one, other));
            }
        }
        met += forms.len() * forms.len().saturating_sub(1) / 2 - apart;
        lost.push((apart, &lexeme.name));
    }
    lost.retain(|(apart, _)| *apart > 0);
    lost.sort_by(|one, other| other.cmp(one));
    (met, pairs, lost.into_iter().map(|(apart, name)| format!("{name} {apart}")).collect())
}

/// Pairs of different words of which some forms meet.
pub fn confused(lexemes: &[Lexeme]) -> Vec<(&str, &str)> {
    let keys: Vec<BTreeSet<String>> =
        lexemes.iter().map(|lexeme| lexeme.forms.iter().flat_map(|form| keys(form)).collect()).collect();
    let mut confused = Vec::new();
    for (at, one) in lexemes.iter().enumerate() {
        for (beyond, other) in lexemes.iter().enumerate().skip(at + 1) {
            if !keys[at].is_disjoint(&keys[beyond]) {
                confused.push((one.name.as_str(), other.name.as_str()));
            }
        }
    }
    confused
}
