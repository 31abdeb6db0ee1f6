//! Versions of removed documents.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    RestoreError,
    codec::{Input, Output},
};

/// Maximum number of tombstones. A change that is delayed by more removals than these brings
/// an old version back.
const MAX: usize = 4096;

/// Removed ids, with the version and time of removal. Of more than [`MAX`], those with the
/// latest times stay: a choice that does not depend on the order of changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Tombstones {
    versions: BTreeMap<String, (u64, i64)>,
    by_time: BTreeSet<(i64, String)>,
}

impl Tombstones {
    /// The version up to which a document is removed.
    pub(super) fn version(&self, id: &str) -> Option<u64> {
        self.versions.get(id).map(|(version, _)| *version)
    }

    /// Adds a removal. Of several of an id the highest version stays, and of that the latest time.
    pub(super) fn add(&mut self, id: &str, version: u64, at: i64) {
        if self.versions.get(id).is_some_and(|known| *known >= (version, at)) {
            return;
        }
        self.remove(id);
        self.versions.insert(id.to_owned(), (version, at));
        self.by_time.insert((at, id.to_owned()));
        while self.by_time.len() > MAX
            && let Some((_, oldest)) = self.by_time.pop_first()
        {
            self.versions.remove(&oldest);
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some((_, at)) = self.versions.remove(id) {
            self.by_time.remove(&(at, id.to_owned()));
        }
    }

    pub(super) fn write(&self, output: &mut Output) {
        output.length(self.versions.len());
        for (id, (version, at)) in &self.versions {
            output.text(id);
            output.number(*version);
            output.signed(*at);
        }
    }

    pub(super) fn read(input: &mut Input) -> Result<Self, RestoreError> {
        let mut tombstones = Self::default();
        for _ in 0..input.length()? {
            let id = input.text()?;
            tombstones.add(id, input.number()?, input.signed()?);
        }
        Ok(tombstones)
    }
}
