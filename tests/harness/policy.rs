//! Evaluation of a function's policy as in IAM: the engines of the local platform
//! have none. The statements of the template are matched against the action, the
//! resource and the leading keys of a call.

use std::collections::BTreeMap;

use local::stack::{Effect, Function, Statement};

/// One action of a call, named as in policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// `dynamodb:GetItem`.
    pub name: String,
    /// ARN of the resource.
    pub resource: String,
    /// Condition keys of the request, with their values.
    pub context: BTreeMap<&'static str, Vec<String>>,
}

/// Decision of a policy on an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by these patterns of the statement, see [`scope`].
    Allowed(Vec<String>),
    /// No statement allows the action, or one denies it.
    Denied,
}

/// Decides as IAM does: the policy and the boundary must both allow the action, and a
/// denial takes precedence.
pub fn decide(function: &Function, action: &Action) -> Decision {
    let within = decide_by(&function.boundary, action);
    if within == Decision::Denied { within } else { decide_by(&function.statements, action) }
}

fn decide_by(statements: &[Statement], action: &Action) -> Decision {
    let matching = || statements.iter().filter(|statement| applies(statement, action));
    if matching().any(|statement| statement.effect == Effect::Deny) {
        return Decision::Denied;
    }
    match matching().find(|statement| statement.effect == Effect::Allow) {
        Some(statement) => Decision::Allowed(used(statement, action)),
        None => Decision::Denied,
    }
}

fn applies(statement: &Statement, action: &Action) -> bool {
    statement.actions.iter().any(|pattern| like(pattern, &action.name))
        && statement.resources.iter().any(|pattern| like(pattern, &action.resource))
        && statement.conditions.iter().all(|(operator, keys)| {
            keys.iter().all(|(key, wanted)| holds(operator, wanted, action.context.get(key.as_str())))
        })
}

/// True if one line of a condition holds.
fn holds(operator: &str, wanted: &[String], found: Option<&Vec<String>>) -> bool {
    let matches = |value: &String| wanted.iter().any(|pattern| like(pattern, value));
    match operator {
        // True for a request without such a key: therefore statements have `Null` as
        // well.
        "ForAllValues:StringLike" => found.is_none_or(|values| values.iter().all(matches)),
        "Null" => wanted.iter().any(|wanted| wanted == if found.is_none() { "true" } else { "false" }),
        "StringEqualsIfExists" => {
            found.is_none_or(|values| values.iter().all(|value| wanted.contains(value)))
        }
        "StringEquals" => found.is_some_and(|values| values.iter().any(|value| wanted.contains(value))),
        other => panic!("the policies of the template have a condition that nobody evaluates here: {other}"),
    }
}

/// The leading keys of a statement, or its resources if it has none.
pub fn scope(statement: &Statement) -> &[String] {
    let keys = statement.conditions.get("ForAllValues:StringLike");
    keys.and_then(|keys| keys.get("dynamodb:LeadingKeys")).unwrap_or(&statement.resources)
}

/// The patterns of a statement that an action matches.
fn used(statement: &Statement, action: &Action) -> Vec<String> {
    let keys = action.context.get("dynamodb:LeadingKeys").map_or(&[][..], Vec::as_slice);
    let matches = |pattern: &&String| keys.iter().chain([&action.resource]).any(|found| like(pattern, found));
    scope(statement).iter().filter(matches).cloned().collect()
}

/// Matches IAM's wildcards: `*` is any text, `?` any character.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len())
            .filter(|at| text.is_char_boundary(*at))
            .any(|at| like(&pattern[1..], &text[at..])),
        Some(wanted) => text.chars().next().is_some_and(|found| {
            (wanted == '?' || wanted == found)
                && like(&pattern[wanted.len_utf8()..], &text[found.len_utf8()..])
        }),
    }
}
