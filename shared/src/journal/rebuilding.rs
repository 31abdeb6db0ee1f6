//! Replacement of a state that is wrong or cannot be read.

use super::{
    Entry, Folded, Keeper, State,
    snapshot::{Basis, SnapshotHead},
};
use crate::{
    Failure, UnlessRefused as _,
    table::{Condition, Query, item::Stored, units::Operation},
};

impl<S: State> Keeper<S> {
    /// Replaces the state by one that `build` makes from what it is derived from, and reads
    /// neither the log nor the snapshot for it. `build` must read the present; changes that
    /// are appended during this are applied to its result. `append` writes an entry.
    ///
    /// Other instances read the new state within the time after which they reload
    /// everything.
    pub async fn rebuild(
        &self,
        append: &'static Operation,
        build: impl Future<Output = Result<S, Failure>>,
    ) -> Result<(), Failure> {
        let rebuilds = self.announce().await?;
        let number = self.mark(append).await?;
        let state = build.await?;
        let folded = Folded { number, is_incomplete: false, state };
        let latest = self.save(&folded, rebuilds).await?;
        *self.known.lock().await = None;
        if latest != (Basis { rebuilds, number }) {
            return Err(Failure::unavailable(format!("another rebuild of {} has begun", S::LAYOUT.name)));
        }
        // It can be read, as the next reader will.
        self.fresh().await.map(drop)
    }

    /// Announces a rebuild in the latest snapshot, so that no state from before it is saved
    /// any more. Returns the number of rebuilds with this one.
    async fn announce(&self) -> Result<u32, Failure> {
        loop {
            let Some(Stored { entity: latest, version }) = self.head().await? else { return Ok(1) };
            let rebuilds = latest.rebuilds + 1;
            let head = SnapshotHead { rebuilds, ..latest };
            let operation = self.table.operation(S::LAYOUT.put_snapshot);
            let written = operation.put(&head, Condition::Version(version), Vec::new()).await;
            if written.unless_refused()?.is_some() {
                return Ok(rebuilds);
            }
        }
    }

    /// Appends an entry that changes nothing: the rebuilt state includes the log up to it.
    async fn mark(&self, append: &'static Operation) -> Result<u64, Failure> {
        loop {
            let first = (S::LAYOUT.entry.1)(0);
            let newest = Query::table(first).descending(true).limit(1);
            let newest: Vec<Stored<Entry<S>>> = self.table.operation(S::LAYOUT.follow).list(newest).await?;
            let in_log = newest.first().map_or(0, |newest| newest.entity.number);
            let in_snapshot = self.head().await?.map_or(0, |head| head.entity.number);
            let entry = Entry::<S>::empty(in_log.max(in_snapshot) + 1);
            let written = self.table.operation(append).put(&entry, Condition::New, Vec::new()).await;
            if written.unless_refused()?.is_some() {
                return Ok(entry.number);
            }
        }
    }
}
