//! Examples of bodies, made of those of their fields: so none contradicts its
//! schema, and nobody writes one twice. A type whose fields' examples do not go
//! together has one of its own.

use serde_json::{Map, Value, json};

/// Gives every body of a request or a success its example.
pub(super) fn add_examples(paths: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    for content in
        paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut).flat_map(contents)
    {
        if content.get("example").is_none()
            && content.get("examples").is_none()
            && let Some(example) = example(&content["schema"], schemas)
        {
            content["example"] = example;
        }
    }
}

/// The contents of an operation's requests and successes, one for each media type.
fn contents(operation: &mut Value) -> Vec<&mut Value> {
    let mut bodies = Vec::new();
    for (name, part) in operation.as_object_mut().into_iter().flatten() {
        match name.as_str() {
            "requestBody" => bodies.push(part),
            "responses" => bodies.extend(part.as_object_mut().into_iter().flat_map(Map::values_mut)),
            _ => {}
        }
    }
    let contents = bodies.into_iter().filter_map(|body| body.get_mut("content")?.as_object_mut());
    contents.flat_map(Map::values_mut).collect()
}

/// An example of what a schema describes, if every part of it has one.
pub fn example(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    if let Some(own) = schema["examples"].get(0).or(schema["enum"].get(0)) {
        return Some(own.clone());
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return example(schemas.get(reference.rsplit('/').next()?)?, schemas);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| example(part, schemas));
        let parts = parts.map(|part| part?.as_object().cloned()).collect::<Option<Vec<_>>>()?;
        return Some(Value::Object(parts.into_iter().flatten().collect()));
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let value = variants.iter().find(|variant| variant["type"] != "null")?;
        return example(value, schemas);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let fields = properties.iter().map(|(name, field)| Some((name.clone(), example(field, schemas)?)));
        return fields.collect::<Option<Map<_, _>>>().map(Value::Object);
    }
    match schema["type"].as_str() {
        Some("array") => Some(json!([example(&schema["items"], schemas)?])),
        Some("boolean") => Some(schema.get("default").cloned().unwrap_or_else(|| false.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value) -> Option<Value> {
        let schemas = json!({
            "Name": { "type": "string", "examples": ["Ada"] },
            "Colour": { "type": "string", "enum": ["red", "blue"] },
        });
        example(schema, schemas.as_object()?)
    }

    #[test]
    fn a_body_is_made_of_the_examples_of_its_fields() {
        let schema = json!({
            "properties": {
                "name": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Name" }] },
                "colours": { "type": "array", "items": { "$ref": "#/components/schemas/Colour" } },
                "lit": { "type": "boolean" },
                "watts": { "type": ["integer", "null"], "examples": [5] },
            },
        });
        let expected = json!({ "name": "Ada", "colours": ["red"], "lit": false, "watts": 5 });
        assert_eq!(of(&schema), Some(expected));
    }

    #[test]
    fn flattened_examples_are_merged() {
        let part = |name: &str| json!({ "properties": { name: { "examples": [name] } } });
        assert_eq!(of(&json!({ "allOf": [part("a"), part("b")] })), Some(json!({ "a": "a", "b": "b" })));
    }

    #[test]
    fn a_field_without_an_example_leaves_the_body_without_one() {
        let silent = json!({ "properties": { "name": { "type": "string" } } });
        assert_eq!(of(&silent), None);
        let told = json!({ "examples": [{ "name": "Ada" }], "properties": silent["properties"] });
        assert_eq!(of(&told), Some(json!({ "name": "Ada" })));
    }
}
