//! Data of a later release: unknown fields and words in items that are read and in
//! events that are delivered. Nothing may fail because of them.

use serde_json::{Value, json};

/// A field that no release has.
const FIELD: &str = "zz_later";

/// Changes the items in the answer to a read as a later release writes them. Returns
/// `false` if there are none.
pub fn items(answer: &mut Value) -> bool {
    let mut found = false;
    let mut item = |item: &mut Value| {
        if item.get("type").is_some() {
            later_item(item);
            found = true;
        }
    };
    if let Some(one) = answer.get_mut("Item") {
        item(one);
    }
    answer.get_mut("Items").and_then(Value::as_array_mut).into_iter().flatten().for_each(&mut item);
    let tables = answer.get_mut("Responses").and_then(Value::as_object_mut).into_iter().flatten();
    tables.filter_map(|(_, items)| items.as_array_mut()).flatten().for_each(&mut item);
    found
}

fn later_item(item: &mut Value) {
    item[FIELD] = json!({ "S": "x" });
    let kind = item["type"]["S"].as_str().unwrap_or_default().to_owned();
    match kind.as_str() {
        "user" => item["preferences"]["M"]["locale"] = json!({ "S": "tlh" }),
        "order" => {
            for step in item["history"]["L"].as_array_mut().into_iter().flatten() {
                step["M"]["actor"] = json!({ "S": "robot" });
            }
        }
        _ => {}
    }
}

/// Changes an event as a later release publishes it.
pub fn event(detail: &mut Value) {
    detail[FIELD] = 1.into();
    let data = &mut detail["data"];
    data[FIELD] = 1.into();
    for (name, word) in [("role", "OWNER"), ("payment_status", "on_hold")] {
        if data.get(name).is_some() {
            data[name] = word.into();
        }
    }
    if detail["type"] == "session.revoked" {
        detail["data"]["reason"] = "aged_out".into();
    }
}
