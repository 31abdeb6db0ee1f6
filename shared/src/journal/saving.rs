//! Writing snapshots: the parts, then the head; then the parts of the previous
//! snapshot are removed.

use std::{cmp::Ordering, marker::PhantomData};

use super::{
    Folded, Keeper, State,
    snapshot::{self, SnapshotHead},
};
use crate::{
    Failure, Refused, UnlessRefused as _,
    table::{Condition, ConditionFailed, MAX_WRITES},
};

impl<S: State> Keeper<S> {
    /// Writes a snapshot if the latest one lacks at least `every` entries. Two
    /// instances may do so at once: the snapshot with the higher number stays.
    pub async fn save_when_due(&self, every: u64) -> Result<(), Failure> {
        let (folded, saved) = self.follow().await?;
        // A snapshot of an incomplete state would lose the change for every release.
        if folded.number() < saved + every || folded.is_incomplete() {
            return Ok(());
        }
        self.save(&folded).await?;
        if let Some(known) = self.known.lock().await.as_mut() {
            known.saved = known.saved.max(folded.number());
        }
        Ok(())
    }

    /// Writes a snapshot unless one with this number or a higher one exists.
    async fn save(&self, folded: &Folded<S>) -> Result<(), Failure> {
        let mut latest = self.head().await?;
        if latest.as_ref().is_some_and(|latest| latest.entity.number >= folded.number()) {
            return Ok(());
        }
        let parts = snapshot::parts(folded)?;
        for part in &parts {
            let operation = self.table.operation(S::LAYOUT.put_snapshot_part);
            match operation.put(part, Condition::Any, Vec::new()).await {
                Ok(()) => {}
                Err(Refused::By(ConditionFailed(_))) => {
                    return Err(Failure::internal("a part of a snapshot has no condition"));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
            }
        }
        let count = u32::try_from(parts.len()).map_err(Failure::internal)?;
        let head = SnapshotHead { number: folded.number(), parts: count, state: PhantomData };
        loop {
            let condition = latest.as_ref().map_or(Condition::New, |it| Condition::Version(it.version));
            let operation = self.table.operation(S::LAYOUT.put_snapshot);
            let written = operation.put(&head, condition, Vec::new()).await.unless_refused()?.is_some();
            // The previous snapshot has been replaced in any case: by this one or
            // another writer's.
            if let Some(before) = latest {
                self.remove(&before.entity).await?;
            }
            if written {
                return Ok(());
            }
            latest = self.head().await?;
            match latest.as_ref().map(|latest| latest.entity.number.cmp(&head.number)) {
                Some(Ordering::Greater) => return self.remove(&head).await,
                Some(Ordering::Equal) => return Ok(()),
                Some(Ordering::Less) | None => {}
            }
        }
    }

    /// Removes the parts of a snapshot that is not the latest. An instance that is
    /// reading them reads the head again.
    async fn remove(&self, head: &SnapshotHead<S>) -> Result<(), Failure> {
        let keys: Vec<_> = (0..head.parts).map(|part| (S::LAYOUT.part.1)(head.number, part)).collect();
        for keys in keys.chunks(MAX_WRITES) {
            let transaction = self.table.operation(S::LAYOUT.remove_snapshot).transaction::<Failure>();
            let transaction =
                keys.iter().cloned().fold(transaction, |it, key| it.remove(key, Condition::Any));
            transaction.commit().await?;
        }
        Ok(())
    }
}
