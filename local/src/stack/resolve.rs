//! CloudFormation's intrinsic functions, as far as the template uses them:
//! `Ref`, `GetAtt`, `Sub`, `Join`, `Select`, `Split`, `If`, `Equals`, `And`,
//! `Or`, `Not` and conditions. References give the identifiers that the
//! resources have on the local platform.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    identifiers::Identifiers,
    template::{Template, TemplateError, within},
};

/// The template's pseudo parameter for "leave this property out".
const NO_VALUE: &str = "AWS::NoValue";

/// Resolves the parts of one template.
pub(super) struct Resolver<'a> {
    template: &'a Value,
    parameters: BTreeMap<String, String>,
    identifiers: Identifiers<'a>,
}

impl<'a> Resolver<'a> {
    /// A resolver with `given` values for parameters, else their defaults.
    pub(super) fn new(
        template: &'a Template,
        given: &BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        let template = &template.value;
        if !template["Resources"].is_object() {
            return Err(TemplateError::new("Resources", "is missing"));
        }
        let mut parameters = BTreeMap::new();
        for (name, declaration) in template["Parameters"].as_object().into_iter().flatten() {
            let value = match (given.get(name), &declaration["Default"]) {
                (Some(value), _) => value.clone(),
                (None, Value::Null) => {
                    let place = format!("Parameters.{name}");
                    return Err(TemplateError::new(
                        place,
                        "has no default, and the local platform gives it no value: \
                         add one in `local/src/platform.rs`",
                    ));
                }
                (None, Value::String(text)) => text.clone(),
                (None, default) => default.to_string(),
            };
            parameters.insert(name.clone(), value);
        }
        Ok(Self { template, parameters, identifiers: Identifiers::new(&template["Resources"]) })
    }

    /// The resources whose condition holds: id, type and resolved properties.
    pub(super) fn resources(&self) -> Result<Vec<Resource>, TemplateError> {
        let mut resources = Vec::new();
        for (id, declaration) in self.template["Resources"].as_object().into_iter().flatten() {
            let place = format!("Resources.{id}");
            let Some(kind) = declaration["Type"].as_str() else {
                return Err(TemplateError::new(place, "has no Type"));
            };
            if let Some(condition) = declaration["Condition"].as_str()
                && !self.condition(condition, &place)?
            {
                continue;
            }
            let properties = match declaration.get("Properties") {
                None => Value::Object(Map::new()),
                Some(properties) => self.require(properties, &within(&place, "Properties"))?,
            };
            resources.push(Resource {
                id: id.clone(),
                name: self.identifiers.name(id).map_err(|fault| TemplateError::new(&place, fault))?,
                kind: kind.to_owned(),
                metadata: declaration["Metadata"].clone(),
                properties,
            });
        }
        Ok(resources)
    }

    /// `Globals.Function`, resolved.
    pub(super) fn function_globals(&self) -> Result<Value, TemplateError> {
        match self.template.pointer("/Globals/Function") {
            None => Ok(Value::Object(Map::new())),
            Some(globals) => self.require(globals, "Globals.Function"),
        }
    }

    /// Resolves a value that must not be `AWS::NoValue`.
    fn require(&self, value: &Value, place: &str) -> Result<Value, TemplateError> {
        self.resolve(value, place)?.ok_or_else(|| TemplateError::new(place, "AWS::NoValue cannot stand here"))
    }

    /// The value without intrinsic functions; `None` for `AWS::NoValue`.
    fn resolve(&self, value: &Value, place: &str) -> Result<Option<Value>, TemplateError> {
        match value {
            Value::Object(map) => {
                if let Some((name, argument)) = intrinsic(map) {
                    return self.call(name, argument, place);
                }
                let mut resolved = Map::new();
                for (key, value) in map {
                    if let Some(value) = self.resolve(value, &within(place, key))? {
                        resolved.insert(key.clone(), value);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            Value::Array(list) => {
                let mut resolved = Vec::with_capacity(list.len());
                for (index, item) in list.iter().enumerate() {
                    resolved.extend(self.resolve(item, &within(place, &index.to_string()))?);
                }
                Ok(Some(Value::Array(resolved)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(Some(value.clone())),
        }
    }

    fn call(&self, name: &str, argument: &Value, place: &str) -> Result<Option<Value>, TemplateError> {
        let fault = |fault: String| TemplateError::new(place, fault);
        let text = |value: String| Ok(Some(Value::String(value)));
        match name {
            "Ref" => match argument.as_str() {
                Some(NO_VALUE) => Ok(None),
                Some(target) => text(self.reference(target, place)?),
                None => Err(fault("Ref wants a name".into())),
            },
            "Fn::GetAtt" => match argument.as_array().map(Vec::as_slice) {
                Some([Value::String(id), Value::String(attribute)]) => {
                    text(self.identifiers.attribute(id, attribute).map_err(fault)?)
                }
                _ => Err(fault("Fn::GetAtt wants a resource and an attribute".into())),
            },
            "Fn::Sub" => match argument {
                Value::String(pattern) => text(self.substitute(pattern, &Map::new(), place)?),
                Value::Array(list) => match list.as_slice() {
                    [Value::String(pattern), Value::Object(names)] => {
                        text(self.substitute(pattern, names, place)?)
                    }
                    _ => Err(fault("Fn::Sub wants a text, or a text and a map".into())),
                },
                _ => Err(fault("Fn::Sub wants a text".into())),
            },
            "Fn::If" => match argument.as_array().map(Vec::as_slice) {
                Some([Value::String(condition), then, otherwise]) => {
                    let branch = if self.condition(condition, place)? { then } else { otherwise };
                    self.resolve(branch, place)
                }
                _ => Err(fault("Fn::If wants a condition's name and two values".into())),
            },
            "Fn::Join" => match argument.as_array().map(Vec::as_slice) {
                Some([Value::String(separator), list]) => text(self.texts(list, place)?.join(separator)),
                _ => Err(fault("Fn::Join wants a separator and a list".into())),
            },
            "Fn::Split" => match argument.as_array().map(Vec::as_slice) {
                Some([Value::String(separator), value]) => {
                    let value = self.text(value, place)?;
                    Ok(Some(value.split(separator.as_str()).collect()))
                }
                _ => Err(fault("Fn::Split wants a separator and a text".into())),
            },
            "Fn::Select" => match argument.as_array().map(Vec::as_slice) {
                Some([index, list]) => {
                    let index = self.text(index, place)?;
                    let list = self.texts(list, place)?;
                    let item = index.parse::<usize>().ok().and_then(|index| list.get(index).cloned());
                    text(item.ok_or_else(|| fault(format!("Fn::Select: the list has no item {index}")))?)
                }
                _ => Err(fault("Fn::Select wants an index and a list".into())),
            },
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" | "Condition" => {
                Ok(Some(Value::Bool(self.truth(name, argument, place)?)))
            }
            other => Err(fault(format!(
                "{other} is not known to the local platform: teach it in `local/src/stack/resolve.rs`"
            ))),
        }
    }

    fn truth(&self, name: &str, argument: &Value, place: &str) -> Result<bool, TemplateError> {
        let operands = match argument {
            Value::String(condition) if name == "Condition" => return self.condition(condition, place),
            Value::Array(operands) => operands,
            _ => return Err(TemplateError::new(place, format!("{name} wants a list"))),
        };
        let mut truths = operands.iter().map(|operand| match operand.as_object().and_then(intrinsic) {
            Some((name, argument)) => self.truth(name, argument, place),
            None => Err(TemplateError::new(place, format!("{name} wants conditions"))),
        });
        match (name, operands.as_slice()) {
            ("Fn::Equals", [left, right]) => Ok(self.text(left, place)? == self.text(right, place)?),
            ("Fn::Not", [_]) => truths.next().unwrap_or(Ok(false)).map(|truth| !truth),
            ("Fn::And", _) => truths.try_fold(true, |all, truth| Ok(all && truth?)),
            ("Fn::Or", _) => truths.try_fold(false, |any, truth| Ok(any || truth?)),
            _ => Err(TemplateError::new(place, format!("{name} is no condition"))),
        }
    }

    fn condition(&self, name: &str, place: &str) -> Result<bool, TemplateError> {
        let definition = self.template["Conditions"][name].as_object().and_then(intrinsic);
        let Some((function, argument)) = definition else {
            return Err(TemplateError::new(place, format!("there is no condition {name}")));
        };
        self.truth(function, argument, &format!("Conditions.{name}"))
    }

    fn reference(&self, target: &str, place: &str) -> Result<String, TemplateError> {
        match self.parameters.get(target) {
            Some(value) => Ok(value.clone()),
            None => self.identifiers.reference(target).map_err(|fault| TemplateError::new(place, fault)),
        }
    }

    /// `${Name}`, `${Resource.Attribute}` and `${!literal}` in a text.
    fn substitute(
        &self,
        pattern: &str,
        names: &Map<String, Value>,
        place: &str,
    ) -> Result<String, TemplateError> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                return Err(TemplateError::new(
                    place,
                    format!("Fn::Sub: a `${{` in `{pattern}` is not closed"),
                ));
            };
            text.push_str(before);
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                text.extend(["${", literal, "}"]);
            } else if let Some(value) = names.get(name) {
                text.push_str(&self.text(value, place)?);
            } else if let Some((id, attribute)) = name.split_once('.') {
                let value = self.identifiers.attribute(id, attribute);
                text.push_str(&value.map_err(|fault| TemplateError::new(place, fault))?);
            } else {
                text.push_str(&self.reference(name, place)?);
            }
        }
        text.push_str(rest);
        Ok(text)
    }

    fn text(&self, value: &Value, place: &str) -> Result<String, TemplateError> {
        match self.require(value, place)? {
            Value::String(text) => Ok(text),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                Err(TemplateError::new(place, "a text is wanted here"))
            }
        }
    }

    fn texts(&self, value: &Value, place: &str) -> Result<Vec<String>, TemplateError> {
        match self.require(value, place)? {
            Value::Array(list) => list.iter().map(|item| self.text(item, place)).collect(),
            _ => Err(TemplateError::new(place, "a list is wanted here")),
        }
    }
}

/// A resource with its properties resolved.
pub(super) struct Resource {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) metadata: Value,
    pub(super) properties: Value,
}

impl Resource {
    /// The path of its properties in the template.
    pub(super) fn place(&self) -> String {
        format!("Resources.{}.Properties", self.id)
    }
}

/// The one intrinsic function that a map is, if it is one.
fn intrinsic(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    // A policy statement and a rule's pattern are maps with several keys or with keys
    // of their own, so a single one of these names is a function.
    (name == "Ref" || name == "Condition" && argument.is_string() || name.starts_with("Fn::"))
        .then_some((name, argument))
}
