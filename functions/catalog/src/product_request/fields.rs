//! Fields of a product request: their parsing and their defaults.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use shared::{
    http::{Change, Faults, Patch},
    id::ProductId,
    money::Money,
    text::{AttributeValue, Invalid, Sku, Slug, Title, slug},
};

const MOST_ATTRIBUTES: usize = 50;

/// Maximum opening stock: after any number of adjustments, the available quantity still
/// fits its type.
const MOST_STOCK: u64 = 1_000_000_000;

/// A required field: its value, or else `kept`.
pub(super) fn always<T, U>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<T>,
    kept: Option<U>,
    parse: impl FnOnce(T) -> Result<U, Invalid>,
) -> Option<U> {
    let said = faults.patch_required(pointer, field, parse)?;
    let value = said.or(kept);
    if value.is_none() {
        faults.add(pointer, required());
    }
    value
}

/// An optional field: its value, nothing for `null`, or else `kept`.
pub(super) fn patched<T, U>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<T>,
    kept: Option<U>,
    parse: impl FnOnce(T) -> Result<U, Invalid>,
) -> Option<U> {
    let mut value = kept;
    if let Some(change) = faults.patch(pointer, field, parse) {
        change.apply(&mut value);
    }
    value
}

pub(super) fn required() -> Invalid {
    Invalid::new("required", "This field is required.")
}

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

pub(super) fn money(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<Map<String, Value>>,
) -> Option<Change<Money>> {
    Some(match faults.patch(pointer, field, Ok)? {
        Change::Keep => Change::Keep,
        Change::Remove => Change::Remove,
        Change::Set(object) => Change::Set(Money::parse(faults, pointer, object)?),
    })
}

/// A list that is empty if it is neither named nor kept.
pub(super) fn list<T, U: Clone>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<Vec<T>>,
    kept: Option<&Vec<U>>,
    most: usize,
    mut parse: impl FnMut(&mut Faults, &str, T) -> Option<U>,
) -> Option<Vec<U>> {
    let change = faults.patch(pointer, field, |items| {
        if items.len() > most {
            return Err(Invalid::new("too_many", format!("At most {most} entries are allowed.")));
        }
        Ok(items)
    })?;
    match change {
        Change::Keep => Some(kept.cloned().unwrap_or_default()),
        Change::Remove => Some(Vec::new()),
        Change::Set(items) => {
            let parsed: Vec<_> = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| parse(faults, &format!("{pointer}/{index}"), item))
                .collect();
            parsed.into_iter().collect()
        }
    }
}

/// An object of a body, merged into the kept one, if there is one.
pub(super) fn onto(
    field: Patch<Map<String, Value>>,
    kept: Option<impl Serialize>,
) -> Patch<Map<String, Value>> {
    match kept {
        Some(kept) => field.onto(&kept),
        None => field,
    }
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
