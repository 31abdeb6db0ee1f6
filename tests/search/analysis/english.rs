//! Forms of English words.

use super::helpers::{confused, lexemes, meet, recall};

const WORDS: &str = include_str!("english_forms.tsv");

#[test]
fn english_forms_find_each_other() {
    let (met, pairs, lost) = recall(&lexemes(WORDS));
    assert!(pairs >= 297 && met == pairs, "{met} of {pairs} pairs; {lost:?}");
}

#[test]
fn different_english_words_stay_apart() {
    // One family: Snowball cuts `-er` and `-ation`.
    let family = [("organizer", "organize"), ("organizer", "organization"), ("organize", "organization")];
    assert_eq!(confused(&lexemes(WORDS)), family);
}

#[test]
fn false_friends_stay_apart() {
    for (one, other) in [
        ("news", "new"),
        ("university", "universe"),
        ("organ", "organization"),
        ("organic", "organised"),
        ("important", "import"),
        ("experience", "experiment"),
        ("customer", "custom"),
        ("animal", "animation"),
        ("business", "busy"),
        ("several", "severe"),
        ("polite", "politics"),
        ("apartment", "apart"),
        ("celebrity", "celebrate"),
        ("authority", "author"),
        ("conversation", "conversion"),
        ("witness", "wit"),
        ("party", "part"),
        ("evening", "even"),
        ("planet", "plane"),
        ("cookie", "cook"),
        ("flower", "flow"),
        ("summer", "sum"),
        ("tourist", "tour"),
        ("tournament", "tour"),
        ("artist", "art"),
        ("poetry", "poem"),
        ("wine", "win"),
        ("noise", "nose"),
    ] {
        assert!(!meet(one, other), "{one} {other}");
    }
}

#[test]
fn words_of_other_alphabets_are_their_own_keys() {
    assert!(meet("naïve", "naive") && meet("Κόσμος", "κοσμοσ") && meet("东京", "东京"));
    assert!(!meet("東京", "京都") && !meet("київ", "києва") && !meet("3d", "2d"));
}
