//! Content lines (RFC 5545, 3.1): folding, escaping, CRLF. Whatever a value has, it stays
//! in its line: line breaks are escaped or dropped here and nowhere else.

/// Octets of a line without its end.
const WIDTH: usize = 75;

/// Lines that are written one after another.
#[derive(Debug, Default)]
pub struct Lines {
    text: String,
}

impl Lines {
    /// Writes a line that has its final form, folded between characters. Control characters
    /// are dropped.
    pub fn raw(&mut self, line: &str) {
        let mut width = 0;
        for char in line.chars().filter(|char| !char.is_control() || *char == '\t') {
            if width + char.len_utf8() > WIDTH {
                self.text.push_str("\r\n ");
                width = 1;
            }
            self.text.push(char);
            width += char.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// Writes a property of type TEXT.
    pub fn text(&mut self, property: &str, value: &str) {
        self.raw(&format!("{property}:{}", escaped(value)));
    }

    /// Writes a property with a list of values of type TEXT, if it has any.
    pub fn texts(&mut self, property: &str, values: &[&str]) {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| escaped(value)).collect();
            self.raw(&format!("{property}:{}", values.join(",")));
        }
    }

    /// Writes a property of type URI.
    pub fn uri(&mut self, property: &str, value: &str) {
        self.raw(&format!("{property}:{}", encoded(value)));
    }

    /// Appends lines.
    pub fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// A value of type TEXT (3.3.11). Every character that some reader takes for the end of a
/// line is a line break: Python's `splitlines` has U+0085, U+2028 and U+2029.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut after_return = false;
    for char in value.chars() {
        match char {
            '\n' if after_return => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => text.push_str("\\n"),
            '\\' | ';' | ',' => {
                text.push('\\');
                text.push(char);
            }
            other => text.push(other),
        }
        after_return = char == '\r';
    }
    text
}

/// A parameter's value in quotes, which can have no quote (3.2).
pub fn quoted(value: &str) -> String {
    let plain = |char: char| match char {
        '"' => '\'',
        '\u{2028}' | '\u{2029}' => ' ',
        other if other.is_control() => ' ',
        other => other,
    };
    format!("\"{}\"", value.chars().map(plain).collect::<String>())
}

/// A URI: characters that none can have are percent-encoded (RFC 3986, 2).
fn encoded(uri: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(uri.len());
    for byte in uri.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=b' ' | 0x7f.. => {
                text.push('%');
                text.extend([byte >> 4, byte & 0xF].map(|digit| char::from(DIGITS[usize::from(digit)])));
            }
            byte => text.push(char::from(byte)),
        }
    }
    text
}
