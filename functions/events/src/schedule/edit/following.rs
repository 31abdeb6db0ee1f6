//! "This and following": a further part from an occurrence on.

use super::{Ends, PartChange};
use crate::schedule::{
    MAX_COUNT, MAX_PARTS, Schedule, expand::Days, fault::Fault, key::Key, part::Part, request::in_order,
};

impl Schedule {
    /// Changes an occurrence and those that follow. The dates before it stay as they are. A
    /// later part takes over each change of a field in which it equals the changed part.
    pub fn change_from(&self, key: Key, change: &PartChange) -> Result<Self, Fault> {
        if !self.has(key) {
            return Err(Fault::NotInSeries);
        }
        let index = self.part_of(key.date);
        let part = self.parts.get(index).ok_or(Fault::NotInSeries)?;
        let mut starts = self.starts(index).ok_or(Fault::NotInSeries)?;
        // Only a count needs the number of earlier dates.
        let most = if part.count.is_some() { usize::MAX } else { 1 };
        let before = starts.clone().take(most).take_while(|(date, _)| *date < key.date).count();
        // An added date is followed by the next of the rule.
        let (date, start) = starts.at_or_after(key.date).ok_or(Fault::NotInSeries)?;

        let mut changed = part.clone();
        changed.start = change.start.map_or(start, |start| start.like(part.start));
        if part.rule.is_some() {
            changed.from = date.min(changed.start.date());
            changed.count =
                part.count.map(|count| count.saturating_sub(u16::try_from(before).unwrap_or(u16::MAX)));
        }
        change.apply(&mut changed);
        if changed.rule.is_some() {
            changed.from = changed.from.min(changed.start.date());
        }
        if changed.count.is_some_and(|count| !(1..=MAX_COUNT).contains(&count))
            || changed.until.is_some_and(|until| until < changed.start.date())
        {
            return Err(Fault::InvalidEnd);
        }
        if changed
            .rule
            .as_ref()
            .is_some_and(|rule| Days::new(rule, changed.start.date()).next() != Some(changed.start.date()))
        {
            return Err(Fault::StartNotInRule);
        }
        if before == 0 {
            changed.from = changed.from.min(part.from);
        }
        // The occurrence can move to an earlier date, but not before the one that precedes it.
        if self.first_of_parts(changed.from).is_none_or(|first| first.key.date != date) {
            return Err(Fault::InvalidParts);
        }

        let mut schedule = self.clone();
        let later = schedule.parts.split_off(index + 1);
        if before == 0 {
            schedule.parts.pop();
        }
        let later = later.into_iter().filter_map(|later| change.pass_on(part, &changed, later));
        let later: Vec<Part> = later.collect();
        schedule.parts.push(changed);
        schedule.parts.extend(later);
        if schedule.parts.len() > MAX_PARTS || !in_order(&schedule.parts) {
            return Err(Fault::InvalidParts);
        }
        schedule.drop_doubles();
        Ok(schedule)
    }
}

impl PartChange {
    /// Applies all but the start.
    pub(super) fn apply(&self, part: &mut Part) {
        if let Some(duration) = self.duration {
            part.duration = duration;
        }
        if let Some(rule) = &self.rule {
            part.rule = Some(rule.clone());
        }
        match self.ends {
            None => {}
            Some(Ends::Never) => (part.until, part.count) = (None, None),
            Some(Ends::Until(until)) => (part.until, part.count) = (Some(until), None),
            Some(Ends::Count(count)) => (part.until, part.count) = (None, Some(count)),
        }
        part.changes.extend(self.changes.clone());
    }
}
