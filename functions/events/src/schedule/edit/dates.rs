//! Added, skipped and restored dates.

use crate::schedule::{MAX_ADDED, MAX_SKIPPED, Schedule, added::Added, fault::Fault, key::Key, local::Local};

impl Schedule {
    /// Adds a date beside the rule, and returns its key. A date that the schedule gives
    /// counts once; a skipped one comes back.
    pub fn add(&mut self, start: Local) -> Result<Key, Fault> {
        let Some(part) = self.parts.first() else { return Err(Fault::InvalidParts) };
        if start.like(part.start) != start {
            return Err(Fault::InvalidStart);
        }
        if let Some(ruled) = self.ruled_at(start) {
            self.skipped.remove(&ruled.key);
            return Ok(ruled.key);
        }
        let stored = self.added.clone();
        let mut starts: Vec<Local> = stored.iter().map(|added| added.start).collect();
        starts.push(start);
        let mut next = self.clone();
        next.place_added(starts, &stored);
        if next.added.len() > MAX_ADDED {
            return Err(Fault::TooManyOccurrences("A schedule has at most 100 added dates."));
        }
        let key = next.added.iter().find(|added| added.start == start).map(|added| added.key);
        next.skipped.retain(|skipped| Some(*skipped) != key);
        *self = next;
        key.ok_or(Fault::InvalidStart)
    }

    /// Skips a date: it never happens, and is not shown.
    pub fn skip(&mut self, key: Key) -> Result<(), Fault> {
        if self.get(key).is_none() {
            return Err(Fault::NotInSeries);
        }
        if self.skipped.len() >= MAX_SKIPPED && !self.skipped.contains(&key) {
            return Err(Fault::TooManyOccurrences("A schedule has at most 400 skipped dates."));
        }
        self.skipped.insert(key);
        Ok(())
    }

    /// Restores a skipped date.
    pub fn restore(&mut self, key: Key) -> Result<(), Fault> {
        self.skipped.remove(&key);
        self.get(key).map(|_| ()).ok_or(Fault::NotInSeries)
    }

    /// Sets the added dates: one of the stored ones keeps its key, another takes the first
    /// free number of its date. One that a part gives under its own key is left out.
    pub(in crate::schedule) fn place_added(&mut self, starts: Vec<Local>, stored: &[Added]) {
        self.added = stored.iter().filter(|added| starts.contains(&added.start)).copied().collect();
        for start in starts {
            let date = start.date();
            let given = self.ruled_on(date);
            if given.iter().any(|ruled| ruled.start == start) {
                continue;
            }
            // A key that was dropped is not given to another date.
            let taken = |key: &Key| {
                given.iter().any(|ruled| ruled.key == *key)
                    || stored.iter().chain(&self.added).any(|added| added.key == *key)
            };
            let key = Key::free(date, taken);
            self.added.push(Added { start, key });
        }
        self.added.sort_unstable();
        self.drop_doubles();
    }
}
