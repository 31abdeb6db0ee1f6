//! The tree in a warm function: read on from where it was, drawn together into a
//! snapshot now and then.

use std::{sync::Arc, time::Duration};

use shared::{
    Context, Failure,
    clock::Timestamp,
    table::{Condition, Expression, Query, Table, WriteError, schema},
    telemetry::Scope,
};
use tokio::sync::Mutex;

use super::{
    Tree, TreeLogEntry,
    snapshot::{self, SnapshotHead, SnapshotPart},
};
use crate::{cache::MAX_AGE, operations};

/// What an attempt to change the tree came to.
#[derive(Debug)]
pub enum Committed<T> {
    /// It is done, with this entry.
    Done(T, Option<TreeLogEntry>),
    /// Somebody else has changed the tree meanwhile.
    Overtaken,
}

/// The tree, as far as this instance has read.
#[derive(Debug, Clone)]
pub struct TreeKeeper {
    table: Table,
    context: Context,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Debug)]
struct Known {
    tree: Arc<Tree>,
    /// The number of the snapshot that it was read from.
    saved: u64,
    read_at: Timestamp,
}

impl TreeKeeper {
    /// The tree in `table`, of which nothing is known yet.
    pub fn new(table: Table, context: Context) -> Self {
        Self { table, context, known: Arc::default() }
    }

    /// The tree as it was [`MAX_AGE`] ago or later, and how long ago that is.
    pub async fn recent(&self) -> Result<(Arc<Tree>, Duration), Failure> {
        let now = self.context.clock.now();
        if let Some(known) = self.known.lock().await.as_ref() {
            let age = now.since(known.read_at);
            if age < MAX_AGE {
                return Ok((Arc::clone(&known.tree), age));
            }
        }
        Ok((self.fresh().await?, Duration::ZERO))
    }

    /// The tree as it is at this moment.
    pub async fn fresh(&self) -> Result<Arc<Tree>, Failure> {
        self.follow().await.map(|(tree, _)| tree)
    }

    /// The tree as it is at this moment, and the number of the snapshot that it
    /// was read from. Whoever keeps it while others follow has it copied.
    async fn follow(&self) -> Result<(Arc<Tree>, u64), Failure> {
        // Whoever waits here gets a tree that was read while they waited, or read
        // themselves: never one from before they came.
        let mut known = self.known.lock().await;
        let read_at = self.context.clock.now();
        let mut current = match known.take() {
            Some(current) => current,
            None => self.load().await?,
        };
        current.read_at = read_at;
        let entries = self.read_log(&current.tree).await;
        let entries = match entries {
            Ok(entries) => entries,
            Err(failure) => {
                *known = Some(current);
                return Err(failure);
            }
        };
        for entry in entries {
            // Nobody else holds the tree but readers of an older one.
            Arc::make_mut(&mut current.tree).apply(entry.changes()?);
        }
        let followed = (Arc::clone(&current.tree), current.saved);
        *known = Some(current);
        Ok(followed)
    }

    async fn read_log(&self, tree: &Tree) -> Result<Vec<TreeLogEntry>, Failure> {
        let next = schema::tree_log(tree.number() + 1);
        let query = Query::table(next.pk).from(next.sk);
        let entries = self.table.operation(&operations::FOLLOW_TREE).list::<TreeLogEntry>(query).await?;
        Ok(entries.into_iter().map(|stored| stored.entity).collect())
    }

    async fn load(&self) -> Result<Known, Failure> {
        let read_at = self.context.clock.now();
        let Some(head) = self.head().await? else {
            return Ok(Known { tree: Arc::default(), saved: 0, read_at });
        };
        let query = Query::table(schema::tree_snapshot_part(head.number, 0).pk);
        let parts = self.table.operation(&operations::LIST_SNAPSHOT).list::<SnapshotPart>(query).await?;
        let parts: Vec<_> = parts.into_iter().map(|stored| stored.entity).collect();
        if u32::try_from(parts.len()) != Ok(head.parts) {
            return Err(Failure::unavailable("a newer snapshot of the tree has taken this one's place"));
        }
        let tree = Arc::new(snapshot::restore(head.number, &parts)?);
        Ok(Known { tree, saved: head.number, read_at })
    }

    async fn head(&self) -> Result<Option<SnapshotHead>, Failure> {
        let stored = self.table.operation(&operations::GET_SNAPSHOT).get(schema::tree_snapshot()).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Judges a change by the present tree and writes it, until nobody else is
    /// faster: as long as there is time, since of all who try at once one gets on.
    pub async fn commit<T, E, F>(&self, mut attempt: impl FnMut(Arc<Tree>) -> F) -> Result<T, E>
    where
        E: From<Failure>,
        F: Future<Output = Result<Committed<T>, E>>,
    {
        let scope = Scope::current();
        let mut round = 0_u32;
        loop {
            match attempt(self.fresh().await?).await? {
                Committed::Done(done, entry) => {
                    if let Some(entry) = entry {
                        self.note(&entry).await?;
                    }
                    return Ok(done);
                }
                Committed::Overtaken => {
                    let pause = Duration::from_millis(self.context.random.up_to(10 << round.min(6)));
                    if scope.as_ref().is_some_and(|scope| pause >= scope.remaining()) {
                        return Err(Failure::unavailable("others keep changing the tree").into());
                    }
                    tokio::time::sleep(pause).await;
                    round += 1;
                }
            }
        }
    }

    /// Puts what this instance has written into its tree at once.
    async fn note(&self, entry: &TreeLogEntry) -> Result<(), Failure> {
        if let Some(known) = self.known.lock().await.as_mut()
            && known.tree.number() + 1 == entry.number
        {
            Arc::make_mut(&mut known.tree).apply(entry.changes()?);
        }
        Ok(())
    }

    /// Writes a snapshot if `every` changes are in none, with `write`, and says
    /// the number of the one before it.
    pub async fn save_when_due(&self, every: u64) -> Result<(), Failure> {
        let (tree, saved) = self.follow().await?;
        if tree.number() < saved + every {
            return Ok(());
        }
        let before = self.head().await?;
        if before.as_ref().is_none_or(|head| head.number < tree.number()) {
            let parts = snapshot::parts(&tree)?;
            for part in &parts {
                self.write(&operations::PUT_SNAPSHOT_PART, part, Condition::Any).await?;
            }
            let head = SnapshotHead {
                number: tree.number(),
                parts: u32::try_from(parts.len()).map_err(Failure::internal)?,
            };
            let newer = Expression::new("attribute_not_exists(#pk) OR #number < :number");
            let newer = Condition::When(newer.number(":number", head.number));
            self.write(&operations::PUT_SNAPSHOT, &head, newer).await?;
            if let Some(before) = before {
                self.remove(&before).await?;
            }
        }
        if let Some(known) = self.known.lock().await.as_mut() {
            known.saved = known.saved.max(tree.number());
        }
        Ok(())
    }

    async fn write<T: shared::table::item::Entity>(
        &self,
        operation: &'static shared::table::units::Operation,
        item: &T,
        condition: Condition,
    ) -> Result<(), Failure> {
        match self.table.operation(operation).put(item, condition, Vec::new()).await {
            // Somebody else has written a newer one.
            Ok(()) | Err(WriteError::ConditionFailed(_)) => Ok(()),
            Err(WriteError::Failed(failure)) => Err(failure),
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
