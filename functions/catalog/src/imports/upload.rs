//! What is uploaded: CSV with a heading, or a JSON object a line. Either becomes
//! rows of JSON, so that a row has the same faults whatever it came as.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How an upload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with the names of the columns in the first line.
    Csv,
    /// A JSON object a line.
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

/// A row of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Its place: the first is 1.
    pub row: usize,
    /// What stands there; nothing where that cannot be read.
    pub product: Option<Map<String, Value>>,
}

/// The rows of an upload.
pub fn rows(format: Format, bytes: &[u8]) -> Vec<Row> {
    let products: Vec<Option<Map<String, Value>>> = match format {
        Format::JsonLines => {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            lines.map(|line| serde_json::from_slice(line).ok()).collect()
        }
        Format::Csv => {
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
            let names = reader.headers().cloned().unwrap_or_default();
            let records = reader.into_records();
            records.map(|record| Some(product(&names, &record.ok()?))).collect()
        }
    };
    products.into_iter().enumerate().map(|(index, product)| Row { row: index + 1, product }).collect()
}

/// A record as the object that it would be in JSON. An empty cell says nothing.
fn product(names: &csv::StringRecord, record: &csv::StringRecord) -> Map<String, Value> {
    let mut product = Map::new();
    let mut attributes = Map::new();
    let cells: Vec<(&str, &str)> = names.iter().zip(record).filter(|(_, cell)| !cell.is_empty()).collect();
    let currency = cells.iter().find(|(name, _)| *name == "currency").map(|(_, cell)| *cell);
    for (name, cell) in cells {
        match name {
            "currency" => {}
            "price" | "list_price" => {
                let mut money = Map::from_iter([("amount".to_owned(), number(cell))]);
                money.extend(currency.map(|currency| ("currency".to_owned(), json!(currency))));
                product.insert(name.to_owned(), Value::Object(money));
            }
            "initial_stock" => {
                product.insert(name.to_owned(), number(cell));
            }
            "images" | "categories" | "category_ids" => {
                let parts: Vec<&str> = cell.split('|').map(str::trim).collect();
                product.insert(name.to_owned(), json!(parts));
            }
            _ => match name.strip_prefix("attributes.") {
                Some(attribute) => {
                    attributes.insert(attribute.to_owned(), json!(cell));
                }
                None => {
                    product.insert(name.to_owned(), json!(cell));
                }
            },
        }
    }
    if !attributes.is_empty() {
        product.insert("attributes".to_owned(), Value::Object(attributes));
    }
    product
}

/// A cell that should be a whole number; any other is a fault of the row.
fn number(cell: &str) -> Value {
    cell.parse::<i64>().map_or_else(|_| json!(cell), |number| json!(number))
}
