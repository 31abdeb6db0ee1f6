//! Texts that nobody writes in good faith.

use proptest::prelude::*;
use shared::search::analysis::{VERSION, keys, words};

use super::helpers::{forms, lexemes};

/// A debug build takes a second for each of the texts below.
const LENGTH: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };

#[test]
fn a_piece_without_end_is_analysed() {
    for (piece, expected) in [
        ("a", Some(1)),
        ("ь", Some(1)),
        ("о", Some(1)),
        ("-", Some(0)),
        ("a-", None),
        ("a'", None),
        ("+", Some(0)),
        ("\u{301}", Some(0)),
        ("a\u{301}", Some(1)),
        ("\u{301}\u{323}", Some(0)),
        ("и\u{306}", Some(1)),
        ("👩\u{200d}🚀", Some(0)),
        ("1", Some(1)),
        ("漢", Some(1)),
        ("\u{200b}", Some(0)),
        ("аa1", Some(1)),
        ("\u{fdfa}", None),
    ] {
        let words = words(&piece.repeat(LENGTH / piece.len()));
        assert!(expected.is_none_or(|count| words.len() == count), "{piece:?}: {} words", words.len());
        // The whole of an endless compound is left out.
        assert!(words.iter().all(|word| word.span == 1), "{piece:?}");
        for word in words.iter().take(3) {
            assert!(keys(&word.form).count() >= 1, "{piece:?}");
        }
    }
}

#[test]
fn keys_of_texts_that_are_no_words_are_themselves() {
    for text in ["", " ", "É", "two words", "а\u{301}", "ёж", &"а".repeat(LENGTH)] {
        assert_eq!(keys(text).collect::<Vec<_>>(), [text]);
    }
}

/// Results change with the version alone: an index stores the keys.
#[test]
fn the_version_rises_with_the_results() {
    let lists = [include_str!("russian_forms.tsv"), include_str!("english_forms.tsv")];
    let forms = lists.into_iter().flat_map(lexemes).flat_map(|lexeme| lexeme.forms);
    // FNV-1a of every form and its keys.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for form in forms {
        for text in keys(&form).chain([form]) {
            for byte in text.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    assert_eq!((VERSION, format!("{hash:016x}").as_str()), (1, "783f5cac8c97fee3"), "raise VERSION");
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[а-яё]{1,12}",
        "[a-z]{1,12}",
        "[-'’ʼ+#♯ \u{301}\u{308}\u{306}\u{300}\u{200d}]{1,3}",
        "[А-Яа-яA-Za-z0-9]{1,4}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    // PROPTEST_CASES states how many: 256 without it.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_of_words_are_the_same(text in text()) {
        let parts: Vec<String> = words(&text).into_iter().map(|word| word.form).collect();
        prop_assert_eq!(forms(&parts.join(" ")), parts);
    }

    #[test]
    fn words_are_those_of_other_searches(text in "[А-Яа-яЁёA-Za-z0-9éßœѓії漢Ａ№½ὈΣς«»–—…,.:/+#♯🎉\u{a0}\u{ad} ]{0,40}") {
        prop_assert_eq!(forms(&text), shared::text::words(&text));
    }

    #[test]
    fn positions_are_consecutive(text in text()) {
        let mut next = 0;
        for word in words(&text) {
            if word.span == 1 {
                prop_assert_eq!(word.position, next);
                next += 1;
            } else {
                prop_assert_eq!(word.position + word.span, next);
            }
        }
    }

    #[test]
    fn keys_are_few_and_different(text in text()) {
        for word in words(&text) {
            let keys: Vec<String> = keys(&word.form).collect();
            prop_assert!((1..=3).contains(&keys.len()));
            for (at, key) in keys.iter().enumerate() {
                prop_assert!(!key.is_empty() && !keys[..at].contains(key));
            }
        }
        // Texts that are no words are read too.
        prop_assert!(keys(&text).count() >= 1);
    }
}
