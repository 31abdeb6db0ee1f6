//! Lambda's limit of 6 MB for a reply: the largest page of every list stays below it, by
//! the bounds that the document gives, or the list cuts its pages by bytes.

use serde_json::Value;

use crate::harness::{document::DOCUMENT, operation::Operation};

/// Lists whose pages are cut by bytes, each with a test of its largest page.
const CUT: [&str; 2] = ["catalog.export_products", "users.get_export"];

/// Maximum bytes of the entries of a page; the reply has more than the page.
const PAGE: usize = 5_500_000;

/// Maximum entries of a page.
const ENTRIES: usize = 100;

/// Bytes of a character in Lambda's payload, where the body is a JSON string: a quotation
/// mark, or a character beyond the basic plane.
const CHARACTER: usize = 4;

/// Characters of texts without `maxLength`: ids, codes and formats, by their patterns and
/// their sources.
const UNBOUNDED: usize = 300;

/// The schema that a reference leads to.
fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolved(DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// The maximum bytes of a value, or the path of a part without a bound.
fn size(schema: &Value, path: &str) -> Result<usize, String> {
    let schema = resolved(schema);
    for name in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[name].as_array() {
            let sizes: Result<Vec<usize>, String> = choices.iter().map(|it| size(it, path)).collect();
            return Ok(sizes?.into_iter().max().unwrap_or_default());
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return Ok(words.iter().map(|word| word.to_string().len()).max().unwrap_or_default());
    }
    let is = |name: &str| match &schema["type"] {
        Value::Array(types) => types.iter().any(|it| it == name),
        one => one == name,
    };
    if is("object") {
        let mut bytes = 2;
        let properties = schema["properties"].as_object().ok_or_else(|| format!("{path}: any object"))?;
        for (name, property) in properties {
            bytes += name.len() + 6 + size(property, &format!("{path}/{name}"))?;
        }
        Ok(bytes)
    } else if is("array") {
        let most = schema["maxItems"].as_u64().ok_or_else(|| format!("{path}: an array of any length"))?;
        Ok(2 + usize::try_from(most).unwrap() * (1 + size(&schema["items"], path)?))
    } else if is("string") {
        let most = schema["maxLength"].as_u64().map_or(UNBOUNDED, |most| usize::try_from(most).unwrap());
        Ok(4 + CHARACTER * most)
    } else {
        // A number, a truth value, `null`.
        Ok(20)
    }
}

/// The entries of a list that an operation answers with.
fn entries(operation: &Operation) -> Option<&Value> {
    let reply = &operation.value["responses"]["200"]["content"]["application/json"]["schema"];
    let page = resolved(reply);
    page["properties"].get("next_cursor")?;
    Some(&page["properties"]["data"]["items"])
}

#[test]
fn the_largest_page_of_a_list_fits_in_a_reply() {
    let operations: Vec<Operation> = Operation::all().collect();
    let lists: Vec<_> = operations.iter().filter_map(|it| Some((it, entries(it)?))).collect();
    assert!(lists.len() > 10, "{} lists", lists.len());
    for (operation, entry) in lists {
        let id = operation.value["operationId"].as_str().unwrap();
        let bytes = size(entry, "").map(|bytes| bytes * ENTRIES);
        let fits = bytes.as_ref().is_ok_and(|bytes| *bytes < PAGE);
        assert_eq!(fits, !CUT.contains(&id), "{id}: {bytes:?} of {PAGE} bytes");
    }
}
