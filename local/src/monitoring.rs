//! The alarms and the dashboard, made from what the template has: a function, a
//! queue or a rule that is added is watched from its first day.
//!
//! They are kept in `template.yaml`, between two lines that mark their place;
//! `agora write` writes them there.
//! What each alarm means to who is woken by it says `OPERATIONS.md`.

mod alarms;
mod dashboard;

use crate::stack::Stack;

pub use alarms::{Alarm, Kind, alarms};

/// The name of their block in the template.
pub(crate) const BLOCK: &str = "monitoring";

/// The alarms and the dashboard of `stack`, as the template has them.
pub fn resources(stack: &Stack) -> String {
    let alarms: String = alarms(stack).iter().map(Alarm::to_yaml).collect();
    format!("{}{alarms}", dashboard::to_yaml(stack))
}
