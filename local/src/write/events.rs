//! The event catalogue: `docs/events.md`, a JSON Schema for each type, and a golden
//! example for a type without one. The sources are `domain_events!` for the types and
//! the consumers' `reactions!` for their handlers.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Map, Value, json};
use shared::{
    bus::{
        DomainEvent, Envelope,
        events::{DataSchema, EventDocument},
    },
    http::documents::{example, sorted},
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::functions::FUNCTIONS;

/// Path of a type's schema.
pub(super) fn schema_path(kind: &str) -> String {
    format!("docs/events/{kind}.schema.json")
}

/// Path of a type's example.
pub(super) fn example_path(kind: &str) -> String {
    format!("events/eventbridge/{kind}.json")
}

/// The page: a table of all types, then a section for each.
pub(super) fn catalogue() -> String {
    let mut text = String::from(
        "# Events\n\n\
         Written from the code by `cargo run -- write`. Every type of domain event, the groups that\n\
         write it and the functions that handle it. What travels is an envelope; the schema is that of\n\
         EventBridge's `detail`, and the example is what a rule's target receives. Delivery is at least\n\
         once and in no order: `aggregate_version` tells which state is newer. Readers ignore fields and\n\
         types that they do not know.\n\n\
         | type | happens when | written by | handled by | schema | example |\n\
         |---|---|---|---|---|---|\n",
    );
    for EventDocument { kind, description, groups, .. } in DomainEvent::DOCUMENTS {
        let listeners = listeners(kind);
        let listeners = if listeners.is_empty() { "none".to_owned() } else { listeners.join(", ") };
        let description = on_one_line(description);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{kind}` | {description} | {} | {listeners} | [schema](events/{kind}.schema.json) | [example](../{}) |",
            groups.join(", "),
            example_path(kind),
        );
    }
    text
}

/// The same for the page that `web` serves.
pub(super) fn list() -> String {
    let events: Vec<Value> = DomainEvent::DOCUMENTS
        .iter()
        .map(|document| {
            json!({
                "type": document.kind,
                "description": on_one_line(document.description),
                "written_by": document.groups,
                "handled_by": listeners(document.kind),
            })
        })
        .collect();
    format!("{:#}\n", sorted(events.into()))
}

/// The functions that handle a type.
fn listeners(kind: &str) -> Vec<&'static str> {
    let listeners = FUNCTIONS.iter().filter(|function| function.listens_to.contains(&kind));
    listeners.map(|function| function.id).collect()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The JSON Schema of an envelope with data of this type.
pub(super) fn schema(document: &EventDocument) -> String {
    let EventDocument { kind, description, schema_version, groups, .. } = document;
    let (envelope, mut named) = parts(document);
    let mut schema = envelope;
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["$id"] = format!("urn:agora:event:{kind}").into();
    schema["title"] = (*kind).into();
    schema["description"] = on_one_line(description).into();
    let sources: Vec<String> = groups.iter().map(|group| format!("agora.{group}")).collect();
    schema["properties"]["source"]["enum"] = json!(sources);
    schema["properties"]["type"]["const"] = (*kind).into();
    schema["properties"]["schema_version"]["const"] = (*schema_version).into();
    refer(&mut schema);
    named.values_mut().for_each(refer);
    schema["$defs"] = Value::Object(named);
    format!("{:#}\n", sorted(schema))
}

/// A golden event of a type that has none: in the form that EventBridge delivers, with
/// data made of the examples of its fields.
pub(super) fn golden(document: &EventDocument) -> Result<String, String> {
    let EventDocument { kind, schema_version, groups, .. } = document;
    let (envelope, named) = parts(document);
    let data = example(&envelope["properties"]["data"], &named).ok_or_else(|| {
        format!("{kind}: a field of its data has no example\nhint: add `#[schema(example = …)]` to the field")
    })?;
    let source = format!("agora.{}", groups.first().copied().unwrap_or_default());
    let id = data.as_object().and_then(|data| data.values().find_map(Value::as_str)).unwrap_or_default();
    let event = json!({
        "version": "0",
        "id": "37460454-44f7-541f-8296-241804cd7135",
        "detail-type": kind,
        "source": source,
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {
            "id": format!("{id}.1.0"),
            "source": source,
            "type": kind,
            "schema_version": schema_version,
            "aggregate_id": id,
            "aggregate_version": 1,
            "occurred_at": "2026-01-01T00:00:00.000Z",
            "actor": "user_01h455vb4pex5vsknk084sn02q",
            "request_id": "req_01h455vb4pex5vsknk084sn02q",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "data": data,
        },
    });
    Ok(format!("{:#}\n", sorted(event)))
}

/// The envelope's schema with that of the data in it, and the named schemas.
fn parts(document: &EventDocument) -> (Value, Map<String, Value>) {
    let DataSchema { schema: data, mut named } = (document.data)();
    Envelope::schemas(&mut named);
    let mut envelope = json!(Envelope::schema());
    envelope["properties"]["data"] = json!(data);
    let named = named.into_iter().map(|(name, schema)| (name, json!(schema))).collect::<BTreeMap<_, _>>();
    (envelope, named.into_iter().collect())
}

/// Points the references of an OpenAPI document to the adjacent definitions.
fn refer(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref") {
                *reference = reference.replace("#/components/schemas/", "#/$defs/");
            }
            map.values_mut().for_each(refer);
        }
        Value::Array(list) => list.iter_mut().for_each(refer),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
