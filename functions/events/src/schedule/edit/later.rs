//! Later parts of a schedule that is changed from an earlier date on.

use super::PartChange;
use crate::schedule::{Schedule, expand::Days, part::Part};

impl PartChange {
    /// A later part after a change of `old` to `new`. It takes over the changes of those
    /// fields in which it equals `old`. `None` if it has no date any more.
    pub(super) fn pass_on(&self, old: &Part, new: &Part, mut later: Part) -> Option<Part> {
        let was_ruled_alike = later.rule == old.rule && old.rule.is_some();
        if later.start.time() == old.start.time() && self.start.is_some() {
            later.start = new.start.on(later.start.date());
        }
        if later.duration == old.duration {
            later.duration = new.duration;
        }
        for (field, value) in &self.changes {
            if later.changes.get(field) == old.changes.get(field) {
                later.changes.insert(field.clone(), value.clone());
            }
        }
        if was_ruled_alike && (self.rule.is_some() || self.ends.is_some()) {
            return under_new_rule(new, later);
        }
        Some(later)
    }
}

/// A later part that goes on with the rule and the end of the changed one.
fn under_new_rule(new: &Part, later: Part) -> Option<Part> {
    let rule = new.rule.clone()?;
    let mut days = Days::new(&rule, new.start.date());
    let before = match new.count {
        Some(count) => days.by_ref().take(usize::from(count)).take_while(|day| *day < later.from).count(),
        None => 0,
    };
    let count = match new.count {
        Some(count) => Some(count.checked_sub(u16::try_from(before).ok()?).filter(|left| *left > 0)?),
        None => None,
    };
    let mut days = Days::new(&rule, new.start.date());
    days.seek(later.from);
    let first = days.next().filter(|first| new.until.is_none_or(|until| *first <= until))?;
    Some(Part { start: later.start.on(first), rule: Some(rule), until: new.until, count, ..later })
}

impl Schedule {
    /// Drops added dates that a part gives too, under the same key.
    pub(super) fn drop_doubles(&mut self) {
        let mut added = std::mem::take(&mut self.added);
        added.retain(|added| self.ruled_at(added.start).is_none_or(|ruled| ruled.key != added.key));
        self.added = added;
    }
}
