//! Writing snapshots: the parts, then the head; then the parts of the previous
//! snapshot are removed.

use std::marker::PhantomData;

use super::{
    Folded, Keeper, State,
    snapshot::{self, Basis, SnapshotHead},
};
use crate::{
    Failure, Refused, UnlessRefused as _,
    table::{Condition, ConditionFailed, MAX_WRITES},
};

impl<S: State> Keeper<S> {
    /// Writes a snapshot if the latest one lacks at least `every` entries. Two
    /// instances may do so at once: the snapshot with the higher number stays.
    pub async fn save_when_due(&self, every: u64) -> Result<(), Failure> {
        let (folded, basis) = self.follow().await?;
        // A snapshot of an incomplete state would lose the change for every release.
        if folded.number() < basis.number + every || folded.is_incomplete() {
            return Ok(());
        }
        let latest = self.save(&folded, basis.rebuilds).await?;
        let mut known = self.known.lock().await;
        if latest.rebuilds > basis.rebuilds {
            // The state is one that a rebuild has replaced.
            *known = None;
        } else if let Some(known) = known.as_mut() {
            known.basis = known.basis.max(latest);
        }
        Ok(())
    }

    /// Writes a snapshot unless it exists, or a later one. Returns the latest.
    pub(super) async fn save(&self, folded: &Folded<S>, rebuilds: u32) -> Result<Basis, Failure> {
        let ours = Basis { rebuilds, number: folded.number() };
        let mut latest = self.head().await?;
        if let Some(latest) = latest.as_ref().map(|latest| latest.entity.basis())
            && latest >= ours
        {
            return Ok(latest);
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
        let written_at = Some(self.context.clock.now());
        let head =
            SnapshotHead { number: ours.number, parts: count, rebuilds, written_at, state: PhantomData };
        loop {
            let condition = latest.as_ref().map_or(Condition::New, |it| Condition::Version(it.version));
            let operation = self.table.operation(S::LAYOUT.put_snapshot);
            let written = operation.put(&head, condition, Vec::new()).await.unless_refused()?.is_some();
            let before = latest.map(|before| before.entity);
            latest = if written { None } else { self.head().await? };
            let stands = latest.as_ref().map_or(ours, |latest| latest.entity.basis());
            // A head that only announces a rebuild keeps the parts of the one before.
            if let Some(before) =
                before.filter(|before| ![stands.number, ours.number].contains(&before.number))
            {
                self.remove(&before).await?;
            }
            if written || stands == ours {
                return Ok(ours);
            }
            if stands > ours {
                if stands.number != ours.number {
                    self.remove(&head).await?;
                }
                return Ok(stands);
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
