//! The part of the OpenAPI document that is about one group.

use std::collections::BTreeSet;

use serde_json::Value;

/// The groups of the document, in its order.
pub(super) fn tags(document: &Value) -> impl Iterator<Item = &str> {
    document["tags"].as_array().into_iter().flatten().filter_map(|tag| tag["name"].as_str())
}

/// The document with one group's operations, and the components that they refer to.
pub(super) fn part(document: &Value, tag: &str) -> Value {
    let mut part = document.clone();
    retain(&mut part["paths"], |_, item| {
        retain(item, |_, operation| operation["tags"][0] == tag);
        item.as_object().is_some_and(|item| !item.is_empty())
    });
    if let Some(tags) = part["tags"].as_array_mut() {
        tags.retain(|other| other["name"] == tag);
    }
    let mut needed = BTreeSet::new();
    refer(document, &part["paths"], &mut needed);
    for kind in ["schemas", "examples"] {
        retain(&mut part["components"][kind], |name, _| {
            needed.contains(&format!("#/components/{kind}/{name}"))
        });
    }
    retain(&mut part["x-problems"], |code, _| needed.contains(&format!("#/components/examples/{code}")));
    part
}

/// Adds the references in a value, and those in what they refer to.
fn refer(document: &Value, value: &Value, needed: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref")
                && needed.insert(reference.clone())
                && let Some(target) = document.pointer(reference.trim_start_matches('#'))
            {
                refer(document, target, needed);
            }
            map.values().for_each(|value| refer(document, value, needed));
        }
        Value::Array(list) => list.iter().for_each(|value| refer(document, value, needed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn retain(value: &mut Value, keep: impl FnMut(&String, &mut Value) -> bool) {
    if let Some(map) = value.as_object_mut() {
        map.retain(keep);
    }
}
