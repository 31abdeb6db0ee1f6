//! One statement of a policy.

use super::yaml::Yaml;

/// A statement that allows.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) sid: &'static str,
    pub(super) actions: Vec<&'static str>,
    pub(super) resource: Resource,
    /// Lines of its condition.
    pub(super) conditions: Vec<String>,
}

/// Resources of a statement.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) names: Vec<String>,
    /// Reason for these resources.
    pub(super) reason: Option<&'static str>,
}

impl Resource {
    pub(super) fn one(name: String) -> Self {
        Self { names: vec![name], reason: None }
    }
}

impl Statement {
    pub(super) fn new(sid: &'static str, actions: &[&'static str], resource: Resource) -> Self {
        Self { sid, actions: actions.to_vec(), resource, conditions: Vec::new() }
    }

    /// Writes the statement as a list item with this indent.
    pub(super) fn write(&self, yaml: &mut Yaml, indent: usize) {
        yaml.line(indent, format_args!("- Sid: {}", self.sid));
        yaml.line(indent + 2, "Effect: Allow");
        yaml.values(indent + 2, "Action", &self.actions);
        if let Some(reason) = self.resource.reason {
            yaml.line(indent + 2, format_args!("# {reason}"));
        }
        yaml.values(indent + 2, "Resource", &self.resource.names);
        for line in &self.conditions {
            yaml.line(indent + 2, line);
        }
    }
}

/// ARN of a resource of this account and region.
pub(super) fn arn(service: &str, resource: &str) -> String {
    format!("!Sub arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")
}
