//! Uploads of rows: CSV with a heading, or a JSON object on each line. Both become
//! JSON objects, so that faults of a row are the same in either format.

use std::collections::BTreeSet;

use csv::StringRecord;
use serde_json::{Map, Value, json};

use super::ROW_BYTES;
use crate::{
    json::{self, without_mark},
    text::Invalid,
};

/// The format of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with the names of the columns in the first line. The delimiter is
    /// detected in the heading: a comma, a semicolon or a tab.
    Csv,
    /// A JSON object on each line.
    JsonLines,
}

impl Format {
    /// The format of a media type; `None` for another one.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type {
            "text/csv" => Some(Self::Csv),
            "application/x-ndjson" | "application/jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// Maximum rows of an upload: their chunks are written within one request, and their
/// results are summed up within another.
const MAX_ROWS: usize = 100_000;

/// A CSV table: names of columns, then records.
#[derive(Debug)]
pub struct Csv<'a> {
    names: Vec<String>,
    reader: csv::Reader<&'a [u8]>,
    /// The upload from the heading on.
    bytes: &'a [u8],
    /// Number of lines before the heading.
    skipped: u64,
}

/// A CSV record.
#[derive(Debug)]
pub struct Record<'a> {
    /// Line in the file; the first is 1.
    pub line: u64,
    /// The cells that are not empty, each with the name of its column; or the reason
    /// why the record cannot be read.
    pub cells: Result<Vec<(&'a str, String)>, csv::Error>,
}

impl<'a> Csv<'a> {
    /// Reads the heading. Names of columns are compared without case and must be
    /// unique. A first line `sep=;`, which Excel writes, names the delimiter.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Invalid> {
        let mut bytes = without_mark(bytes);
        let (mut delimiter, mut skipped) = (None, 0);
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', named] = first.trim_ascii_end() {
            (delimiter, skipped) = (Some(*named), 1);
            bytes = bytes.get(first.len() + 1..).unwrap_or_default();
        } else if first.trim_ascii() == b"sep=" {
            // `sep=` and a tab, which trimming has removed.
            (delimiter, skipped) = (Some(b'\t'), 1);
            bytes = bytes.get(first.len() + 1..).unwrap_or_default();
        }
        let delimiter = delimiter.unwrap_or_else(|| delimiter_of(bytes));
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).delimiter(delimiter).from_reader(bytes);
        let unreadable = |_| Invalid::new("malformed_heading", "The header is not UTF-8.");
        let names = reader.headers().map_err(unreadable)?;
        let names: Vec<String> = names.iter().map(str::to_ascii_lowercase).collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            let name: String = twice.chars().take(64).collect();
            return Err(Invalid::new(
                "duplicate_column",
                format!("The header has the column {name:?} twice."),
            ));
        }
        Ok(Self { names, reader, bytes, skipped })
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Passes on each record with a cell that is not empty: spreadsheets write rows
    /// with delimiters only.
    pub fn records(self, mut take: impl FnMut(Record<'_>)) {
        let Self { names, mut reader, bytes, skipped } = self;
        // The reader counts a line before it has passed the LF of a CRLF.
        let (mut counted, mut lines) = (0, 1 + skipped);
        let mut cells = StringRecord::new();
        loop {
            let read = reader.read_record(&mut cells);
            let at = match &read {
                Ok(false) => return,
                Ok(true) => cells.position(),
                Err(error) => error.position(),
            };
            let start = at.and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(counted);
            let blank = bytes
                .get(start..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'));
            let start = start + blank.count();
            let passed = bytes.get(counted..start).unwrap_or_default();
            lines += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            counted = start.max(counted);
            let cells = match read {
                Ok(_) if cells.iter().all(str::is_empty) => continue,
                Ok(_) => {
                    let filled = names.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty());
                    Ok(filled.map(|(name, cell)| (name.as_str(), cell.to_owned())).collect())
                }
                // Rows with delimiters only may have too few or too many.
                Err(error) if is_blank(&error, &cells) => continue,
                Err(error) => Err(error),
            };
            take(Record { line: lines, cells });
        }
    }
}

fn is_blank(error: &csv::Error, cells: &StringRecord) -> bool {
    matches!(error.kind(), csv::ErrorKind::UnequalLengths { .. }) && cells.iter().all(str::is_empty)
}

/// The delimiter of a heading: the most frequent one of comma, semicolon and tab
/// outside of quotes.
fn delimiter_of(bytes: &[u8]) -> u8 {
    let (mut quoted, mut counts) = (false, [(b',', 0), (b';', 0), (b'\t', 0)]);
    for byte in bytes.iter().skip_while(|byte| byte.is_ascii_whitespace()) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            byte => counts.iter_mut().filter(|(delimiter, _)| delimiter == byte).for_each(|(_, n)| *n += 1),
        }
    }
    // The first one of equals: a comma.
    counts.iter().rev().max_by_key(|(_, count)| count).map_or(b',', |(delimiter, _)| *delimiter)
}

/// Parses the rows of an upload into JSON objects; `None` for a row that cannot be
/// read, or exceeds the size of a chunk. For CSV, `record` makes the object from a
/// row's cells, each with the name of its column. An empty cell is left out, and so
/// is a row of empty cells. A heading without `key`, or with a duplicate column, is
/// refused as a whole.
///
/// ```
/// use serde_json::{Map, json};
/// use shared::imports::upload::{Format, objects, whole_number};
///
/// let csv = b"name;seats\r\nHall;120\r\n";
/// let rows = objects(Format::Csv, csv, "name", |cells| {
/// let cell = |(name, cell): &(&str, String)| match *name {
/// "seats" => ("seats".to_owned(), whole_number(cell)),
/// name => (name.to_owned(), json!(cell)),
/// };
/// cells.iter().map(cell).collect()
/// });
/// let json = objects(Format::JsonLines, br#"{"name":"Hall","seats":120}"#, "name", |_| Map::new());
/// assert_eq!(rows, json);
/// ```
pub fn objects(
    format: Format,
    bytes: &[u8],
    key: &str,
    record: impl Fn(&[(&str, String)]) -> Map<String, Value>,
) -> Result<Vec<Option<Map<String, Value>>>, Invalid> {
    let mut objects = Vec::new();
    match format {
        Format::JsonLines => {
            let lines = without_mark(bytes).split(|byte| *byte == b'\n');
            let lines = lines.filter(|line| !line.trim_ascii().is_empty());
            objects.extend(lines.map(|line| json::object(line).ok()));
        }
        Format::Csv => {
            let csv = Csv::open(bytes)?;
            if !csv.names().iter().any(|name| name == key) {
                let detail =
                    format!("The header has no column {key:?}: the first line must name the columns.");
                return Err(Invalid::new("missing_column", detail));
            }
            csv.records(|row| objects.push(row.cells.ok().map(|cells| record(&cells))));
        }
    }
    if objects.len() > MAX_ROWS {
        let detail = format!("An upload may have {MAX_ROWS} rows at most, this one has {}.", objects.len());
        return Err(Invalid::new("too_many_rows", detail));
    }
    Ok(objects.into_iter().map(|object| object.filter(fits)).collect())
}

/// True if the row fits into an item.
fn fits(object: &Map<String, Value>) -> bool {
    serde_json::to_vec(object).is_ok_and(|json| json.len() <= ROW_BYTES)
}

/// Parses the cell of a whole number. Any other text stays a text and becomes a fault
/// of the row.
pub fn whole_number(cell: &str) -> Value {
    cell.parse::<i64>().map_or_else(|_| json!(cell), |number| json!(number))
}

/// Parses a cell of several texts separated by `|`.
pub fn list(cell: &str) -> Value {
    let parts: Vec<&str> = cell.split('|').map(str::trim).collect();
    json!(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &[u8]) -> Result<Vec<Option<Map<String, Value>>>, &'static str> {
        let object = |cells: &[(&str, String)]| {
            cells.iter().map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect()
        };
        objects(Format::Csv, text, "name", object).map_err(|invalid| invalid.code)
    }

    fn json_lines(bytes: &[u8]) -> Vec<Option<Map<String, Value>>> {
        objects(Format::JsonLines, bytes, "name", |_| Map::new()).expect("no heading")
    }

    fn read(rows: &[Option<Map<String, Value>>]) -> Vec<bool> {
        rows.iter().map(Option::is_some).collect()
    }

    #[test]
    fn cells_are_trimmed_quoted_and_left_out_where_empty() {
        let rows = csv(b"name , note\n\"Hall, large\", \nRoom,\"two\nlines\"\n").expect("a heading");
        let expected = [json!({ "name": "Hall, large" }), json!({ "name": "Room", "note": "two\nlines" })];
        assert_eq!(json!(rows), json!(expected));
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_save_it() {
        let expected = json!([{ "name": "Чай, зелёный", "note": "κόσμος" }, { "name": "Tea" }]);
        for text in [
            "name,note\n\"Чай, зелёный\",κόσμος\nTea,\n",
            "\u{feff}name,note\r\n\"Чай, зелёный\",κόσμος\r\nTea,\r\n",
            "name;note\r\nЧай, зелёный;κόσμος\r\nTea;\r\n",
            "\u{feff}name\tnote\nЧай, зелёный\tκόσμος\nTea\t\n",
            "sep=;\r\nname;note\r\nЧай, зелёный;κόσμος\r\nTea;\r\n",
            "\u{feff}sep=,\nname,note\n\"Чай, зелёный\",κόσμος\nTea,\n",
            "sep=\t\r\nname\tnote\r\nЧай, зелёный\tκόσμος\r\nTea\t\r\n",
            "NAME,Note\n\"Чай, зелёный\",κόσμος\n,\nTea,\n , \n,,,\n",
            "\"name\";\"note\"\n\"Чай, зелёный\";κόσμος\n;\n\nTea;",
            "\"name\",\"a;b;c;d\",note\n\"Чай, зелёный\",,κόσμος\nTea,,\n",
        ] {
            assert_eq!(json!(csv(text.as_bytes()).expect("a heading")), expected, "{text:?}");
        }
    }

    #[test]
    fn a_heading_that_says_too_little_or_too_much_is_refused_at_once() {
        for (text, code) in [
            ("title,note\nTea,x\n", "missing_column"),
            ("name|note\nTea|x\n", "missing_column"),
            ("", "missing_column"),
            ("name,note,note\nTea,a,b\n", "duplicate_column"),
            ("name,note,Note\nTea,a,b\n", "duplicate_column"),
        ] {
            assert_eq!(csv(text.as_bytes()), Err(code), "{text:?}");
        }
        assert_eq!(csv(b"name,\xd7\xe0\nTea,a\n"), Err("malformed_heading"));
        assert_eq!(csv(b"name,note,,\nTea,a,,\n").map(|rows| rows.len()), Ok(1), "columns without a name");
    }

    #[test]
    fn a_row_that_cannot_be_read_keeps_its_place() {
        let rows = csv(b"name,b\n1\n1,2\nX,\xd7\xe0\n1,2,3\n").expect("a heading");
        assert_eq!(read(&rows), [false, true, false, false]);
        assert_eq!(read(&json_lines(b"{\"a\":1}\n\n[1]\n{}")), [true, false, true]);
        let twice = br#"{"a":1,"a":1}
{"a":{"b":1}}
{"a":{"b":1,"b":2}}
"#;
        assert_eq!(read(&json_lines(twice)), [false, true, false], "a name that stands twice");
        assert_eq!(read(&json_lines(b"\xef\xbb\xbf{\"a\":1}\r\n\r\n{}\r\n")), [true, true]);
    }

    #[test]
    fn a_record_says_its_line_in_the_file() {
        let mut lines = Vec::new();
        let csv = Csv::open(b"sep=,\nname,note\n,\nA,\"two\nlines\"\nB\n").expect("a heading");
        csv.records(|record| lines.push((record.line, record.cells.is_ok())));
        assert_eq!(lines, [(4, true), (6, false)]);
        let mut lines = Vec::new();
        let csv = Csv::open(b"name,note\r\nA,\"two\r\nlines\"\r\n\r\n,\r\nB\r\nC,c\r\n").expect("a heading");
        csv.records(|record| lines.push((record.line, record.cells.is_ok())));
        assert_eq!(lines, [(2, true), (6, false), (7, true)]);
    }

    #[test]
    fn a_row_that_no_chunk_has_room_for_cannot_be_read() {
        let line = |bytes: usize| json!({ "a": "x".repeat(bytes) }).to_string();
        let both = format!("{}\n{}", line(ROW_BYTES - 100), line(ROW_BYTES));
        assert_eq!(read(&json_lines(both.as_bytes())), [true, false]);
    }

    #[test]
    fn cells_become_numbers_and_lists() {
        assert_eq!((whole_number("-7"), whole_number("7.5")), (json!(-7), json!("7.5")));
        assert_eq!(list("a | b|"), json!(["a", "b", ""]));
    }
}
