//! The handwritten part of `template.yaml`, as the blocks need it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::blocks::strip;
use crate::{
    functions::{Declared, Kind},
    stack::Template,
};

/// Handwritten values of the template.
pub(super) struct Head {
    value: Value,
    /// Parameters, with their defaults as texts.
    pub(super) parameters: BTreeMap<String, Option<String>>,
}

impl Head {
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let value = Template::parse(&strip(text)?).map_err(|error| error.fault)?.value;
        let parameters = value["Parameters"].as_object().into_iter().flatten();
        let parameters = parameters.map(|(name, parameter)| {
            let default = match &parameter["Default"] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            (name.clone(), default)
        });
        Ok(Self { parameters: parameters.collect(), value })
    }

    /// Time limit of a function, in seconds.
    pub(super) fn timeout(&self, id: &str) -> Result<u64, String> {
        let own = &self.value["Resources"][id]["Properties"]["Timeout"];
        let timeout = own.as_u64().or(self.value["Globals"]["Function"]["Timeout"].as_u64());
        timeout.ok_or_else(|| format!("{id}: Timeout is not a number"))
    }

    /// Checks that the properties above a function's block exist.
    pub(super) fn check(&self, function: &Declared) -> Result<(), String> {
        let Declared { id, kind, .. } = function;
        let resource = &self.value["Resources"][*id];
        let (bin, folder) = (function.bin(), format!("functions/{}/", function.group()));
        if resource["Metadata"]["BuildProperties"]["Binary"] != bin.as_str() {
            return Err(format!("{id}: Metadata.BuildProperties.Binary must be {bin}"));
        }
        if resource["Properties"]["CodeUri"] != folder.as_str() {
            return Err(format!("{id}: Properties.CodeUri must be {folder}"));
        }
        let mapping = &resource["Properties"]["Events"]["Messages"]["Properties"];
        if *kind == Kind::Queue && mapping["BatchSize"].is_null() {
            return Err(format!(
                "{id}: the block stands in its Events.Messages.Properties, below BatchSize and ScalingConfig"
            ));
        }
        Ok(())
    }
}
