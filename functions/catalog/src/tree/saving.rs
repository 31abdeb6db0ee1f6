//! The listener's part of keeping the tree: it is drawn together into a snapshot
//! now and then.

use std::cmp::Ordering;

use shared::{
    Failure, Refused,
    table::{Condition, ConditionFailed, schema},
};

use super::{
    Tree, TreeKeeper,
    snapshot::{self, SnapshotHead},
};
use crate::operations;

impl TreeKeeper {
    /// Writes a snapshot if `every` changes are in none.
    pub async fn save_when_due(&self, every: u64) -> Result<(), Failure> {
        let (tree, saved) = self.follow().await?;
        // A snapshot of an incomplete tree would lose the change for every release.
        if tree.number() < saved + every || tree.is_incomplete() {
            return Ok(());
        }
        self.save(&tree).await?;
        if let Some(known) = self.known.lock().await.as_mut() {
            known.saved = known.saved.max(tree.number());
        }
        Ok(())
    }

    /// Writes a snapshot, if none has come as far, and removes the one before it.
    async fn save(&self, tree: &Tree) -> Result<(), Failure> {
        let mut latest = self.head().await?;
        if latest.as_ref().is_some_and(|latest| latest.entity.number >= tree.number()) {
            return Ok(());
        }
        let parts = snapshot::parts(tree)?;
        for part in &parts {
            let operation = self.table.operation(&operations::PUT_SNAPSHOT_PART);
            match operation.put(part, Condition::Any, Vec::new()).await {
                Ok(()) => {}
                Err(Refused::By(ConditionFailed(_))) => {
                    return Err(Failure::internal("a part of a snapshot has no condition"));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
            }
        }
        let count = u32::try_from(parts.len()).map_err(Failure::internal)?;
        let head = SnapshotHead { number: tree.number(), parts: count };
        loop {
            let condition = latest.as_ref().map_or(Condition::New, |it| Condition::Version(it.version));
            let operation = self.table.operation(&operations::PUT_SNAPSHOT);
            let written = match operation.put(&head, condition, Vec::new()).await {
                Ok(()) => true,
                Err(Refused::By(ConditionFailed(_))) => false,
                Err(Refused::Failed(failure)) => return Err(failure),
            };
            // This one has taken its place, or somebody else's.
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

    /// Removes the parts of a snapshot that nobody begins to read any more.
    async fn remove(&self, head: &SnapshotHead) -> Result<(), Failure> {
        let keys: Vec<_> =
            (0..head.parts).map(|part| schema::tree_snapshot_part(head.number, part)).collect();
        for keys in keys.chunks(100) {
            let transaction = self.table.operation(&operations::REMOVE_SNAPSHOT).transaction::<Failure>();
            let transaction =
                keys.iter().cloned().fold(transaction, |it, key| it.remove(key, Condition::Any));
            transaction.commit().await?;
        }
        Ok(())
    }
}
