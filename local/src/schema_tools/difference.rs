//! Differences of two images of an item: as paths for a report, without values, which may
//! be personal data; and as an update.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use shared::{
    Failure,
    table::item::{Attributes, ENTITY_TYPE, EVENTS, VERSION},
};

/// Attributes that no job may change: the key, and the outbox, which would be published
/// again.
const FIXED: [&str; 4] = ["pk", "sk", ENTITY_TYPE, EVENTS];

/// An update of the attributes that differ, with the values of its condition, which is
/// `#version = :version AND #type = :type`.
pub(super) struct Parts {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Attributes,
}

/// The update from one image of an item to another.
pub(super) fn parts(before: &Attributes, after: &Attributes) -> Result<Parts, Failure> {
    if FIXED.iter().any(|name| before.get(*name) != after.get(*name)) {
        return Err(Failure::internal("a job changes an item's key, type or events"));
    }
    let mut names: HashMap<String, String> =
        [VERSION, ENTITY_TYPE].map(|name| (format!("#{name}"), name.to_owned())).into();
    let mut values = Attributes::new();
    for name in [VERSION, ENTITY_TYPE] {
        let value = before.get(name).ok_or_else(|| Failure::internal(format!("an item has no {name}")))?;
        values.insert(format!(":{name}"), value.clone());
    }
    let (mut set, mut removed) = (Vec::new(), Vec::new());
    for (at, (name, value)) in after.iter().enumerate() {
        if before.get(name) != Some(value) {
            set.push(format!("#s{at} = :s{at}"));
            names.insert(format!("#s{at}"), name.clone());
            values.insert(format!(":s{at}"), value.clone());
        }
    }
    for (at, name) in before.keys().enumerate().filter(|(_, name)| !after.contains_key(*name)) {
        removed.push(format!("#r{at}"));
        names.insert(format!("#r{at}"), name.clone());
    }
    let clause = |verb: &str, list: &[String]| match list {
        [] => String::new(),
        list => format!("{verb} {} ", list.join(", ")),
    };
    let expression = format!("{}{}", clause("SET", &set), clause("REMOVE", &removed)).trim_end().to_owned();
    Ok(Parts { expression, names, values })
}

/// Kilobytes of an item, rounded up, by DynamoDB's rules but for numbers, which it packs.
pub(super) fn kilobytes(item: &Attributes) -> f64 {
    let bytes: usize = item.iter().map(|(name, value)| name.len() + size(value)).sum();
    f64::from(u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)).max(1.0)
}

fn size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::M(fields) => {
            3 + fields.iter().map(|(name, value)| 1 + name.len() + size(value)).sum::<usize>()
        }
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + size(value)).sum::<usize>(),
        // Flags; the table has no sets.
        _ => 1,
    }
}

/// Paths of the differences: `+ card.variants`, `~ lines[0].sku`, `- gsi4pk`.
pub(super) fn paths(before: &Attributes, after: &Attributes) -> Vec<String> {
    let mut found = Vec::new();
    compare_maps("", before, after, &mut found);
    found.sort_by(|one, other| one[2..].cmp(&other[2..]));
    found
}

fn compare_maps(path: &str, before: &Attributes, after: &Attributes, found: &mut Vec<String>) {
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in before {
        match after.get(name) {
            Some(other) => compare(&inside(name), value, other, found),
            None => found.push(format!("- {}", inside(name))),
        }
    }
    let added = after.keys().filter(|name| !before.contains_key(*name));
    found.extend(added.map(|name| format!("+ {}", inside(name))));
}

fn compare(path: &str, before: &AttributeValue, after: &AttributeValue, found: &mut Vec<String>) {
    match (before, after) {
        (AttributeValue::M(before), AttributeValue::M(after)) => compare_maps(path, before, after, found),
        (AttributeValue::L(before), AttributeValue::L(after)) if before.len() == after.len() => {
            for (at, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{path}[{at}]"), before, after, found);
            }
        }
        (before, after) if before != after => found.push(format!("~ {path}")),
        _ => {}
    }
}
