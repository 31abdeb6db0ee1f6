//! The alarms and the dashboard, made from what the template has: a function, a
//! queue or a rule that is added is watched from its first day.
//!
//! They are kept in `template.yaml`, between two lines that mark their place;
//! `agora monitoring --write` writes them there, and a test holds the two equal.
//! What each alarm means to who is woken by it says `OPERATIONS.md`.

mod alarms;
mod dashboard;

use crate::stack::Stack;

pub use alarms::{Alarm, Kind, alarms};

/// The resources stand between these lines of the template.
const BEGIN: &str = "  # monitoring:begin, made by `cargo run -- monitoring --write`\n";
const END: &str = "  # monitoring:end\n";

/// The alarms and the dashboard of `stack`, as the template has them.
pub fn resources(stack: &Stack) -> String {
    let alarms: String = alarms(stack).iter().map(Alarm::to_yaml).collect();
    format!("{}{alarms}", dashboard::to_yaml(stack))
}

/// The text of a template with the current resources; `None` if it has no place
/// for them.
pub fn with_resources(template: &str, stack: &Stack) -> Option<String> {
    let (before, rest) = template.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}{END}{after}", resources(stack)))
}
