//! Keys that a change of the rule drops while people hold them.

use crate::schedule::{MAX_ADDED, Schedule, added::Added, expand::Ruled, fault::Fault, key::Key};

impl Schedule {
    /// Keeps dates of an earlier schedule that this one does not give: they become added
    /// ones with their keys and their starts (`orphans=keep`). Returns those that stay
    /// missing, because another date has the same start.
    pub fn keep(&mut self, earlier: &Self, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Key>, Fault> {
        let missing = self.missing(keys);
        for ruled in earlier.given(missing.iter().copied()) {
            self.skipped.remove(&ruled.key);
            if self.get(ruled.key).is_none() && !self.added.iter().any(|added| added.key == ruled.key) {
                let model = self.parts.first().map_or(ruled.start, |part| part.start);
                self.added.push(Added { start: ruled.start.like(model), key: ruled.key });
            }
        }
        self.added.sort_unstable();
        if self.added.len() > MAX_ADDED {
            return Err(Fault::TooManyOccurrences("A schedule has at most 100 added dates."));
        }
        Ok(self.missing(missing))
    }

    /// The dates of one day with skipped ones.
    pub(super) fn ruled_on(&self, date: jiff::civil::Date) -> Vec<Ruled> {
        let all = Self { skipped: std::collections::BTreeSet::new(), ..self.clone() };
        all.ruled_between(date, date)
    }
}
