//! Time of the analysis, and that it is linear in the text:
//! `cargo test --release -- --ignored --nocapture analysis_is_fast`.

use std::{hint::black_box, time::Instant};

use shared::search::analysis::{keys, words};

use super::helpers::forms;

#[test]
#[ignore = "measures a release build"]
fn analysis_is_fast() {
    let text = include_str!("russian_forms.tsv");
    let forms = forms(text);
    for name in ["first", "second"] {
        let begin = Instant::now();
        let count = black_box(words(black_box(text))).len();
        let split = begin.elapsed();
        let begin = Instant::now();
        let of: usize = forms.iter().map(|form| keys(black_box(form)).count()).sum();
        let keyed = begin.elapsed();
        println!("{name}: {count} words split in {split:?}, {of} keys in {keyed:?}");
    }
    for piece in ["а", "a-", "a\u{301}", "\u{301}", "\u{301}\u{323}", "слово "] {
        let [short, long] = [1 << 17, 1 << 20].map(|length| {
            let text = piece.repeat(length / piece.len());
            let begin = Instant::now();
            black_box(words(black_box(&text)));
            begin.elapsed()
        });
        println!("{piece:?}: 128 KB in {short:?}, 1 MB in {long:?}");
        // Eight times the text takes eight times as long; a quadratic step, 64 times.
        assert!(long < short * 32, "{piece:?}: {short:?}, {long:?}");
    }
}
