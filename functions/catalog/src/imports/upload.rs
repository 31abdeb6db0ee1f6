//! Rows of products. CSV becomes the JSON of a product request.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::{
    imports::upload::{Format, list, objects, whole_number},
    text::{Invalid, Sku},
};

/// A row of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Row number, from 1.
    pub row: usize,
    /// Fields of the product; `None` for an unreadable row.
    pub product: Option<Map<String, Value>>,
}

impl Row {
    /// Folded SKU of the product: rows of one SKU are imported in their order.
    pub fn key(&self) -> Option<String> {
        let sku = self.product.as_ref()?.get("sku")?.as_str()?;
        Some(Sku::parse(sku).ok()?.folded().to_string())
    }
}

/// The rows of an upload.
pub fn rows(format: Format, bytes: &[u8]) -> Result<Vec<Row>, Invalid> {
    let products = objects(format, bytes, "sku", product)?.into_iter();
    Ok(products.enumerate().map(|(index, product)| Row { row: index + 1, product }).collect())
}

/// Fields of a record.
fn product(cells: &[(&str, String)]) -> Map<String, Value> {
    let mut product = Map::new();
    let mut attributes = Map::new();
    let cell = |wanted: &str| cells.iter().find(|(name, _)| *name == wanted).map(|(_, cell)| cell);
    let currency = cell("currency");
    let is_priced = cell("price").or(cell("list_price")).is_some();
    for (name, cell) in cells {
        match *name {
            "currency" if is_priced => {}
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
