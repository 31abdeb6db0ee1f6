//! Replacement of a schedule, as PUT and PATCH do it: the past stays as it was.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::Revision;
use crate::schedule::{MAX_PARTS, Schedule, expand::Starts, fault::Fault, part::Part};

impl Schedule {
    /// Replaces this schedule by another; with `now`, the local times that have begun stay as
    /// they are. A single date keeps its key.
    pub fn replaced(&self, mut new: Self, now: Option<Timestamp>) -> Result<Revision, Fault> {
        if let ([old], [part]) = (&self.parts[..], &mut new.parts[..])
            && old.rule.is_none()
            && part.rule.is_none()
        {
            part.from = old.from;
            return Ok(Revision { schedule: new, split_at: None });
        }
        let whole = |new| Ok(Revision { schedule: new, split_at: None });
        let Some(now) = now else { return whole(new) };
        // Neither has begun a date of that day.
        let unbegun = self.unbegun(now).max(new.unbegun(now));
        let past: Vec<Part> = self.parts.iter().filter(|part| part.from < unbegun).cloned().collect();
        if self.first_of_parts(Date::MIN).is_none_or(|first| first.key.date >= unbegun) {
            return whole(new);
        }
        let agrees = self.agrees_before(&new, unbegun, past.len());
        let mut schedule = new.clone();
        schedule.added = self.added.iter().filter(|added| added.start.date() < unbegun).copied().collect();
        schedule.added.extend(new.added.iter().filter(|added| added.start.date() >= unbegun));
        schedule.skipped = self.skipped.iter().filter(|key| key.date < unbegun).copied().collect();
        schedule.skipped.extend(new.skipped.iter().filter(|key| key.date >= unbegun));
        if agrees {
            return whole(schedule);
        }
        schedule.parts = past;
        let kept = schedule.parts.len();
        for index in 0..new.parts.len() {
            let first = schedule.parts.len() == kept;
            schedule.parts.extend(new.part_from(index, unbegun, first));
        }
        if schedule.parts.len() == kept {
            schedule.end_before(unbegun);
        }
        if schedule.parts.len() > MAX_PARTS {
            return Err(Fault::InvalidParts);
        }
        Ok(Revision { schedule, split_at: Some(unbegun) })
    }

    /// Ends the last part before a date.
    fn end_before(&mut self, date: Date) {
        let before = |starts: Starts| starts.take_while(|(day, _)| *day < date).count();
        let counted = self.parts.last().is_some_and(|last| last.count.is_some());
        let count = counted.then(|| self.starts(self.parts.len() - 1)).flatten().map(before);
        if let Some(last) = self.parts.last_mut().filter(|last| last.rule.is_some()) {
            match last.count {
                Some(_) => last.count = count.and_then(|count| u16::try_from(count).ok()),
                None => last.until = last.until.min(date.yesterday().ok()).or(date.yesterday().ok()),
            }
        }
    }

    /// The remainder of a part from a date on, which is where the first one begins.
    fn part_from(&self, index: usize, date: Date, first: bool) -> Option<Part> {
        let part = self.parts.get(index)?;
        if part.rule.is_none() {
            let from = if first { date } else { part.from };
            return (part.start.date() >= date).then(|| Part { from, ..part.clone() });
        }
        let mut starts = self.starts(index)?;
        let before = part.count.map_or(0, |_| starts.clone().take_while(|(day, _)| *day < date).count());
        let (_, start) = starts.at_or_after(date)?;
        let count = part.count.map(|count| count.saturating_sub(u16::try_from(before).unwrap_or(u16::MAX)));
        let from = if first { date } else { part.from };
        Some(Part { from, start, count, ..part.clone() })
    }

    /// True if another schedule has the same parts before a date; the last of them may end
    /// at another date, but not before that one.
    fn agrees_before(&self, new: &Self, date: Date, past: usize) -> bool {
        let last = past.saturating_sub(1);
        let Some((old, other)) = self.parts.get(last).zip(new.parts.get(last)) else { return false };
        let open = Part { until: None, count: None, ..old.clone() };
        let goes_on = |schedule: &Self| {
            let rest = date.saturating_sub(1.days());
            schedule.parts.get(last).is_some_and(|part| {
                part.until.is_none_or(|until| until >= rest)
                    && part.count.is_none_or(|count| {
                        // As many dates as there are before, at least.
                        let days = Self { parts: vec![open.clone()], ..self.clone() };
                        let before = days.starts(0).into_iter().flatten().take_while(|(day, _)| *day < date);
                        before.take(usize::from(count) + 1).count() <= usize::from(count)
                    })
            })
        };
        self.time_zone == new.time_zone
            && self.all_day == new.all_day
            && self.parts[..last] == new.parts[..last]
            && open == Part { until: None, count: None, ..other.clone() }
            && new.parts.get(past).is_none_or(|next| next.from >= date)
            && (old.until == other.until && old.count == other.count || goes_on(self) && goes_on(new))
    }
}
