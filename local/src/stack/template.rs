//! `template.yaml` as a value: YAML with CloudFormation's short tags (`!Ref x`)
//! written out in their long form (`{"Ref": "x"}`), which is plain JSON.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

/// A fault of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Path of the fault, `Resources.AuthApi.Properties.Timeout`; empty for the whole
    /// file.
    pub place: String,
    /// Description of the fault.
    pub fault: String,
}

impl TemplateError {
    pub(crate) fn new(place: impl Into<String>, fault: impl Into<String>) -> Self {
        Self { place: place.into(), fault: fault.into() }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, fault } = self;
        if place.is_empty() {
            write!(f, "template.yaml: {fault}")
        } else {
            write!(f, "template.yaml: {place}: {fault}")
        }
    }
}

impl std::error::Error for TemplateError {}

/// A parsed template whose intrinsic functions are not resolved yet. A test may change
/// [`value`](Self::value) before it builds a [`Stack`](super::Stack).
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The document, with every intrinsic function in its long form.
    pub value: Value,
}

/// The template that this binary was built with: it runs without its repository.
const BUILT_IN: &str = include_str!("../../../template.yaml");

impl Template {
    /// The template that this binary was built with.
    pub fn built_in() -> Result<Self, TemplateError> {
        Self::parse(BUILT_IN)
    }

    /// Path of the template in the repository that this binary was built in.
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("template.yaml")
    }

    /// Reads the template at `path`.
    pub fn read(path: &Path) -> Result<Self, TemplateError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| TemplateError::new("", format!("cannot read {}: {error}", path.display())))?;
        Self::parse(&text)
    }

    /// Parses the text of a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let document: yaml_serde::Value =
            yaml_serde::from_str(text).map_err(|error| TemplateError::new("", error.to_string()))?;
        Ok(Self { value: long_form(document, "")? })
    }
}

fn long_form(yaml: yaml_serde::Value, place: &str) -> Result<Value, TemplateError> {
    use yaml_serde::Value as Yaml;

    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::String(text) => Value::String(text),
        Yaml::Number(number) => {
            serde_json::to_value(number).map_err(|error| TemplateError::new(place, error.to_string()))?
        }
        Yaml::Sequence(list) => list
            .into_iter()
            .enumerate()
            .map(|(index, item)| long_form(item, &within(place, &index.to_string())))
            .collect::<Result<_, _>>()
            .map(Value::Array)?,
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let Some(key) = key.as_str() else {
                    return Err(TemplateError::new(place, "a key here is not a text"));
                };
                map.insert(key.to_owned(), long_form(value, &within(place, key))?);
            }
            Value::Object(map)
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let name = name.trim_start_matches('!');
            let argument = long_form(tagged.value, place)?;
            let (name, argument) = match (name, argument) {
                ("Ref" | "Condition", argument) => (name.to_owned(), argument),
                // The short form joins with a dot what the long form lists.
                ("GetAtt", Value::String(text)) => match text.split_once('.') {
                    Some((id, attribute)) => ("Fn::GetAtt".to_owned(), [id, attribute].into_iter().collect()),
                    None => {
                        return Err(TemplateError::new(place, format!("!GetAtt {text} names no attribute")));
                    }
                },
                (name, argument) => (format!("Fn::{name}"), argument),
            };
            Value::Object(Map::from_iter([(name, argument)]))
        }
    })
}

/// The path of `key` inside `place`.
pub(super) fn within(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}
