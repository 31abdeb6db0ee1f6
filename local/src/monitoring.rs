//! The alarms and the dashboard, generated from the template: a new function, queue or
//! rule is monitored from its first day.
//!
//! They are kept in `template.yaml`, between two marker lines; `agora write` writes
//! them there. `OPERATIONS.md` explains each alarm to the person on call.

mod alarms;
mod dashboard;

use crate::stack::Stack;

pub use alarms::{Alarm, Kind, alarms};

/// Name of their block in the template.
pub(crate) const BLOCK: &str = "monitoring";

/// The alarms and the dashboard of `stack`, in the template's form.
pub fn resources(stack: &Stack) -> String {
    let alarms: String = alarms(stack).iter().map(Alarm::to_yaml).collect();
    format!("{}{alarms}", dashboard::to_yaml(stack))
}
