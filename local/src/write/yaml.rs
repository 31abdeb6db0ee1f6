//! Lines of YAML in a readable layout.

use std::fmt::Display;

/// Maximum line width of a list.
const WIDTH: usize = 110;

/// A text that grows by lines.
#[derive(Debug, Default)]
pub(super) struct Yaml(String);

impl Yaml {
    /// Adds a line with this indent.
    pub(super) fn line(&mut self, indent: usize, text: impl Display) {
        self.0.extend(std::iter::repeat_n(' ', indent));
        self.0.push_str(&text.to_string());
        self.0.push('\n');
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    /// Adds a key with one value or a list: on one line if it is short.
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

    /// Adds a key with a list, also for one item.
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

/// A text as a scalar within `[…]` or `{…}`: quoted if YAML would read it as something
/// else.
pub(super) fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:".contains(letter);
    let is_number = text.parse::<f64>().is_ok();
    if text.chars().all(plain) && !is_number && !text.is_empty() {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}
