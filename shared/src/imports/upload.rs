//! Uploads of rows: CSV with a heading, or a JSON object on each line. Both become
//! JSON objects, so a row has the same faults in either format.

use serde_json::{Map, Value, json};

use super::ROW_BYTES;

/// The format of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with the names of the columns in the first line.
    Csv,
    /// A JSON object on each line.
    JsonLines,
}

impl Format {
    /// The format of a media type.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type {
            "text/csv" => Some(Self::Csv),
            "application/x-ndjson" | "application/jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// The rows of an upload as JSON objects; `None` for a row that cannot be read, or
/// that no chunk has room for. Of CSV, `record` makes the object of a row's cells,
/// each with the name of its column. An empty cell is left out.
///
/// ```
/// use serde_json::{Map, json};
/// use shared::imports::upload::{Format, objects, whole_number};
///
/// let csv = b"name,seats\nHall,120\n";
/// let rows = objects(Format::Csv, csv, |cells| {
///     let cell = |(name, cell): &(&str, &str)| match *name {
///         "seats" => ("seats".to_owned(), whole_number(cell)),
///         name => (name.to_owned(), json!(cell)),
///     };
///     cells.iter().map(cell).collect()
/// });
/// let json = objects(Format::JsonLines, br#"{"name":"Hall","seats":120}"#, |_| Map::new());
/// assert_eq!(rows, json);
/// ```
pub fn objects(
    format: Format,
    bytes: &[u8],
    record: impl Fn(&[(&str, &str)]) -> Map<String, Value>,
) -> Vec<Option<Map<String, Value>>> {
    let objects: Vec<Option<Map<String, Value>>> = match format {
        Format::JsonLines => {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            lines.map(|line| serde_json::from_slice(line).ok()).collect()
        }
        Format::Csv => {
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
            let names = reader.headers().cloned().unwrap_or_default();
            let object = |cells: &csv::StringRecord| {
                let cells: Vec<_> = names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect();
                record(&cells)
            };
            reader.into_records().map(|cells| Some(object(&cells.ok()?))).collect()
        }
    };
    objects.into_iter().map(|object| object.filter(fits)).collect()
}

/// True if an item has room for the row.
fn fits(object: &Map<String, Value>) -> bool {
    serde_json::to_vec(object).is_ok_and(|json| json.len() <= ROW_BYTES)
}

/// A cell of a whole number. Any other text stays a text, and is a fault of the row.
pub fn whole_number(cell: &str) -> Value {
    cell.parse::<i64>().map_or_else(|_| json!(cell), |number| json!(number))
}

/// A cell of several texts with `|` between them.
pub fn list(cell: &str) -> Value {
    let parts: Vec<&str> = cell.split('|').map(str::trim).collect();
    json!(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Vec<Option<Map<String, Value>>> {
        objects(Format::Csv, text.as_bytes(), |cells| {
            cells.iter().map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect()
        })
    }

    #[test]
    fn cells_are_trimmed_quoted_and_left_out_where_empty() {
        let rows = csv("name , note\n\"Hall, large\", \nRoom,\"two\nlines\"\n");
        let expected = [json!({ "name": "Hall, large" }), json!({ "name": "Room", "note": "two\nlines" })];
        assert_eq!(json!(rows), json!(expected));
    }

    #[test]
    fn a_row_that_cannot_be_read_keeps_its_place() {
        assert_eq!(csv("a,b\n1\n1,2\n").iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
        let lines = objects(Format::JsonLines, b"{\"a\":1}\n\n[1]\n{}", |_| Map::new());
        assert_eq!(lines.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    }

    #[test]
    fn a_row_that_no_chunk_has_room_for_cannot_be_read() {
        let line = |bytes: usize| json!({ "a": "x".repeat(bytes) }).to_string();
        let both = format!("{}\n{}", line(ROW_BYTES - 100), line(ROW_BYTES));
        let rows = objects(Format::JsonLines, both.as_bytes(), |_| Map::new());
        assert_eq!(rows.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn cells_become_numbers_and_lists() {
        assert_eq!((whole_number("-7"), whole_number("7.5")), (json!(-7), json!("7.5")));
        assert_eq!(list("a | b|"), json!(["a", "b", ""]));
    }
}
