//! Rows of products. CSV becomes the JSON that a product's request has.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::imports::upload::{Format, list, objects, whole_number};

/// A row of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Its place: the first is 1.
    pub row: usize,
    /// The product's fields; `None` where the row cannot be read.
    pub product: Option<Map<String, Value>>,
}

/// The rows of an upload.
pub fn rows(format: Format, bytes: &[u8]) -> Vec<Row> {
    let products = objects(format, bytes, product).into_iter();
    products.enumerate().map(|(index, product)| Row { row: index + 1, product }).collect()
}

/// The fields of a record.
fn product(cells: &[(&str, &str)]) -> Map<String, Value> {
    let mut product = Map::new();
    let mut attributes = Map::new();
    let currency = cells.iter().find(|(name, _)| *name == "currency").map(|(_, cell)| *cell);
    for (name, cell) in cells {
        match *name {
            "currency" => {}
            "price" | "list_price" => {
                let mut money = Map::from_iter([("amount".to_owned(), whole_number(cell))]);
                money.extend(currency.map(|currency| ("currency".to_owned(), json!(currency))));
                product.insert((*name).to_owned(), Value::Object(money));
            }
            "initial_stock" => {
                product.insert((*name).to_owned(), whole_number(cell));
            }
            "images" | "categories" | "category_ids" => {
                product.insert((*name).to_owned(), list(cell));
            }
            _ => match name.strip_prefix("attributes.") {
                Some(attribute) => {
                    attributes.insert(attribute.to_owned(), json!(cell));
                }
                None => {
                    product.insert((*name).to_owned(), json!(cell));
                }
            },
        }
    }
    if !attributes.is_empty() {
        product.insert("attributes".to_owned(), Value::Object(attributes));
    }
    product
}
