//! Texts by which products are found and sorted, as `shared::text` compares them.

use shared::text::{Title, searched, words};

/// Maximum indexed words of a title. 200 characters usually have 24 words.
const WORDS: usize = 32;

/// Sort key of a title.
pub fn by_title(title: &Title) -> String {
    searched(title.as_str())
}

/// Texts by which a title is found: its suffixes that begin with a word.
pub fn ends(title: &Title) -> Vec<String> {
    let words = words(title.as_str());
    (0..words.len().min(WORDS)).map(|from| searched(&words[from..].join(" "))).collect()
}

/// Folding of texts before layout 2 ([`Layout`](crate::product::Layout)): needed to
/// find and remove its rows.
pub mod former {
    /// Maximum indexed words of a title.
    const WORDS: usize = 8;

    const LONGEST: usize = 120;

    /// The words of a text.
    pub fn normalized(text: &str) -> String {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let text = words.collect::<Vec<_>>().join(" ");
        text[..text.floor_char_boundary(LONGEST)].trim_end().to_owned()
    }

    /// Texts by which a title was found.
    pub fn ends(title: &str) -> Vec<String> {
        let text = normalized(title);
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        (0..words.len().min(WORDS)).map(|from| words[from..].join(" ")).collect()
    }
}
