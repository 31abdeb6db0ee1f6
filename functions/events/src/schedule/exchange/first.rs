//! A first start that the rule does not give: an extra date (RFC 5545, 3.8.5.3).

use crate::schedule::{added::Added, expand::Days, key::Key, local::Local, part::Part, rule::Rule};

/// A part with a rule from a start on, and the start as an added date if the rule does not
/// give it; the part then begins with the first date that the rule gives. `None` if the
/// rule gives no date.
pub fn with_first(start: Local, part: Part, rule: Rule) -> Option<(Part, Option<Added>)> {
    let first = Days::new(&rule, start.date()).next()?;
    let added = (first != start.date()).then(|| Added { start, key: Key::on(start.date()) });
    Some((Part { from: start.date(), start: start.on(first), rule: Some(rule), ..part }, added))
}
