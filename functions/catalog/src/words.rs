//! Texts as searches compare them: words in lower case, with single spaces.

/// So many words of a title are looked at.
const WORDS: usize = 8;

/// A key has 1 KB for everything.
const LONGEST: usize = 120;

/// The words of a text.
pub fn normalized(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<_>>().join(" ");
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].trim_end().to_owned()
}

/// What a title is found by: what begins with each of its words.
pub fn ends(title: &str) -> Vec<String> {
    let text = normalized(title);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    (0..words.len().min(WORDS)).map(|from| words[from..].join(" ")).collect()
}
