//! Fields of a product request: their parsing and their defaults.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use shared::{
    id::ProductId,
    text::{AttributeValue, Invalid, Sku, Slug, Title, slug},
};

const MOST_ATTRIBUTES: usize = 50;

/// Maximum opening stock: after any number of adjustments, the available quantity still
/// fits its type.
const MOST_STOCK: u64 = 1_000_000_000;

/// Default SKU of a product.
pub(super) fn own_sku(id: ProductId) -> Option<Sku> {
    Sku::parse(&id.to_string()).ok()
}

/// Default slug of a product: its title in Latin letters, cut at the end of a word, and
/// enough of its id to make it unique.
pub(super) fn own_slug(title: Option<&Title>, id: ProductId) -> Option<Slug> {
    let id = id.to_string();
    let end = &id[id.len().saturating_sub(12)..];
    let text = match slug(title?.as_str(), 100 - 1 - end.len()) {
        Some(words) => format!("{words}-{end}"),
        None => end.to_owned(),
    };
    Slug::parse(&text).ok()
}

/// Opening stock.
pub(super) fn initial_stock(count: u64) -> Result<u64, Invalid> {
    let invalid = || Invalid::new("invalid_stock", "An opening stock is at most 1,000,000,000.");
    (count <= MOST_STOCK).then_some(count).ok_or_else(invalid)
}

/// Attributes of a body. Those `stored` already are not validated again.
pub(super) fn attributes_of(
    attributes: Map<String, Value>,
    stored: Option<&BTreeMap<String, String>>,
) -> Result<BTreeMap<String, String>, Invalid> {
    let attributes: BTreeMap<String, String> = serde_json::from_value(Value::Object(attributes))
        .map_err(|_| Invalid::new("wrong_type", "This field must be an object of strings."))?;
    let name_fits = |name: &str| {
        (1..=50).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let parsed = attributes.into_iter().map(|(name, value)| {
        let is_stored = stored.is_some_and(|stored| stored.get(&name) == Some(&value));
        if is_stored {
            return Some((name, value));
        }
        let value = AttributeValue::parse(&value).ok().filter(|_| name_fits(&name))?;
        Some((name, value.as_str().to_owned()))
    });
    let parsed: Option<BTreeMap<String, String>> = parsed.collect();
    parsed.filter(|attributes| attributes.len() <= MOST_ATTRIBUTES).ok_or_else(|| {
        Invalid::new(
            "invalid_attributes",
            "There are 50 attributes at most; a name has 1 to 50 small letters, digits and underscores, a value \
             is one line of 1 to 200 characters.",
        )
    })
}
