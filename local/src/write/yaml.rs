//! Lines of YAML, as one would write them by hand.

use std::fmt::Display;

/// The longest line that a list stands on.
const WIDTH: usize = 110;

/// A text that grows by lines.
#[derive(Debug, Default)]
pub(super) struct Yaml(String);

impl Yaml {
    /// A line, so many spaces in.
    pub(super) fn line(&mut self, indent: usize, text: impl Display) {
        self.0.extend(std::iter::repeat_n(' ', indent));
        self.0.push_str(&text.to_string());
        self.0.push('\n');
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    /// A key with one value or a list of them: on its line where that is short.
    pub(super) fn values(&mut self, indent: usize, key: &str, values: &[impl AsRef<str>]) {
        let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
        let together = format!("{key}: [{}]", values.join(", "));
        match values.as_slice() {
            [value] => self.line(indent, format_args!("{key}: {value}")),
            _ if indent + together.len() <= WIDTH => self.line(indent, together),
            values => {
                self.line(indent, format_args!("{key}:"));
                for value in values {
                    self.line(indent + 2, format_args!("- {value}"));
                }
            }
        }
    }

    /// A key with a list, also where it has one item.
    pub(super) fn list(&mut self, indent: usize, key: &str, values: &[impl AsRef<str>]) {
        match values {
            [value] => self.line(indent, format_args!("{key}: [{}]", value.as_ref())),
            values => self.values(indent, key, values),
        }
    }

    /// All lines.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A text as a scalar within `[…]` or `{…}`: quoted where YAML would take it for
/// something else.
pub(super) fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:".contains(letter);
    let is_number = text.parse::<f64>().is_ok();
    if text.chars().all(plain) && !is_number && !text.is_empty() {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}
