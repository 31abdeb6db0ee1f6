//! `template.yaml` as a typed [`Stack`]: the one description from which the cloud, the
//! gateway and the pollers are set up. References are resolved: a variable that is
//! `!Ref Table` in the template is the local table's name here.
//!
//! This module holds the template's content only; the other modules act on it.

mod function;
mod identifiers;
mod mapping;
mod resolve;
mod resource;
mod template;

use std::{collections::BTreeMap, path::Path};

use resolve::{Resolver, Resource};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use function::{Effect, Function, Statement};
pub use identifiers::{ACCOUNT, CLOUD_PORT, REGION};
pub(crate) use identifiers::{queue_url, stream_arn};
pub use mapping::{QueueMapping, Route, RouteKey, Schedule, StreamMapping};
pub use resource::{Attribute, Bus, Index, Key, Queue, Redrive, Rule, Table, Target};
pub use template::{Template, TemplateError};

/// The resources of the template that the local platform has.
#[derive(Debug, Clone)]
pub struct Stack {
    /// The functions, by logical id.
    pub functions: BTreeMap<String, Function>,
    /// The table.
    pub table: Table,
    /// The event buses.
    pub buses: Vec<Bus>,
    /// The buses' rules.
    pub rules: Vec<Rule>,
    /// The queues, dead-letter queues included.
    pub queues: Vec<Queue>,
}

impl Stack {
    /// Reads the template at `path`, with `parameters` in place of defaults.
    pub fn read(path: &Path, parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        Self::of(&Template::read(path)?, parameters)
    }

    /// The stack that `template` describes.
    pub fn of(template: &Template, parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let resolver = Resolver::new(template, parameters)?;
        let globals = resolver.function_globals()?;
        let mut functions = BTreeMap::new();
        let mut tables = Vec::new();
        let mut buses = Vec::new();
        let mut rules = Vec::new();
        let mut queues = Vec::new();
        let resources = resolver.resources()?;
        let bounds = resources.iter().filter(|resource| resource.kind == "AWS::IAM::ManagedPolicy");
        let bounds = bounds
            .map(|policy| Ok((policy.name.clone(), Statement::of_managed_policy(policy)?)))
            .collect::<Result<_, _>>()?;
        for resource in resources {
            match resource.kind.as_str() {
                "AWS::Serverless::Function" => {
                    functions.insert(resource.id.clone(), Function::of(resource, &globals, &bounds)?);
                }
                "AWS::DynamoDB::Table" => tables.push(Table::of(&resource)?),
                "AWS::Events::EventBus" => buses.push(Bus::of(&resource)),
                "AWS::Events::Rule" => rules.push(Rule::of(&resource)?),
                "AWS::SQS::Queue" => queues.push(Queue::of(&resource)?),
                // Logs, permissions and archives have no part on one machine.
                _ => {}
            }
        }
        let table = match <[Table; 1]>::try_from(tables) {
            Ok([table]) => table,
            Err(tables) => {
                let fault = format!("Agora has one table, the template has {}", tables.len());
                return Err(TemplateError::new("Resources", fault));
            }
        };
        // `serde_json` keeps a map's order or sorts it, depending on the features of a
        // build; output made from the stack must not differ.
        rules.sort_by(|one, other| one.id.cmp(&other.id));
        queues.sort_by(|one, other| one.id.cmp(&other.id));
        let stack = Self { functions, table, buses, rules, queues };
        stack.check_references()?;
        Ok(stack)
    }

    /// The queue with this ARN.
    pub fn queue_by_arn(&self, arn: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.arn == arn)
    }

    /// The dead-letter queues of queues, rules and functions: those that no function
    /// reads.
    pub fn dead_letter_queues(&self) -> impl Iterator<Item = &Queue> {
        let read = |queue: &Queue| {
            let mut mappings = self.functions.values().flat_map(|function| &function.queues);
            mappings.any(|mapping| mapping.queue == queue.arn)
        };
        self.queues.iter().filter(move |queue| !read(queue))
    }

    /// Checks that every named ARN is one of another resource.
    fn check_references(&self) -> Result<(), TemplateError> {
        let queue = |place: String, arn: &str| match self.queue_by_arn(arn) {
            Some(_) => Ok(()),
            None => Err(TemplateError::new(place, format!("{arn} is no queue of this template"))),
        };
        for function in self.functions.values() {
            for mapping in &function.queues {
                queue(mapping.place.clone(), &mapping.queue)?;
            }
            for mapping in &function.streams {
                if mapping.stream != self.table.stream_arn {
                    let fault = format!("{} is not the table's stream", mapping.stream);
                    return Err(TemplateError::new(mapping.place.clone(), fault));
                }
            }
        }
        for rule in &self.rules {
            if !self.buses.iter().any(|bus| bus.name == rule.bus) {
                let fault = format!("{} is no bus of this template", rule.bus);
                return Err(TemplateError::new(format!("Resources.{}", rule.id), fault));
            }
            for target in &rule.targets {
                let place = format!("Resources.{}.Properties.Targets", rule.id);
                queue(place.clone(), &target.arn)?;
                if let Some(arn) = &target.dead_letters {
                    queue(place, arn)?;
                }
            }
        }
        for source in &self.queues {
            if let Some(redrive) = &source.redrive {
                let place = format!("Resources.{}.Properties.RedrivePolicy", source.id);
                queue(place, &redrive.dead_letters)?;
            }
        }
        Ok(())
    }
}

/// Reads a resolved value as a `T`; a fault carries the path of its place.
fn typed<T: DeserializeOwned>(value: &Value, place: &str) -> Result<T, TemplateError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { place.to_owned() } else { template::within(place, &path) };
        TemplateError::new(place, error.into_inner().to_string())
    })
}

/// A list that may be written as its single item.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> From<OneOrMany<T>> for Vec<T> {
    fn from(list: OneOrMany<T>) -> Self {
        match list {
            OneOrMany::One(item) => vec![item],
            OneOrMany::Many(items) => items,
        }
    }
}

/// A number or a flag, which CloudFormation also accepts as a text.
#[derive(serde::Deserialize, Clone)]
#[serde(untagged)]
enum Scalar {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl Scalar {
    fn text(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    fn number<T: TryFrom<i64>>(&self, place: &str) -> Result<T, TemplateError> {
        let number = self.text().parse::<i64>().ok().and_then(|number| T::try_from(number).ok());
        number
            .ok_or_else(|| TemplateError::new(place, format!("`{}` is not a number that fits", self.text())))
    }

    fn is_true(&self) -> bool {
        self.text() == "true"
    }
}
