//! The tree in a warm function: read on from where it was, and changed.

use std::{sync::Arc, time::Duration};

use shared::{
    Context, Failure,
    clock::Timestamp,
    table::{Query, Table, item::Stored, schema},
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
    pub(super) table: Table,
    context: Context,
    pub(super) known: Arc<Mutex<Option<Known>>>,
}

#[derive(Debug)]
pub(super) struct Known {
    tree: Arc<Tree>,
    /// The number of the snapshot that it was read from, or of a later one.
    pub(super) saved: u64,
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
    pub(super) async fn follow(&self) -> Result<(Arc<Tree>, u64), Failure> {
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
        let query = Query::table(next.clone()).from(next.sk);
        let entries = self.table.operation(&operations::FOLLOW_TREE).list::<TreeLogEntry>(query).await?;
        Ok(entries.into_iter().map(|stored| stored.entity).collect())
    }

    async fn load(&self) -> Result<Known, Failure> {
        let read_at = self.context.clock.now();
        let mut newest = self.head().await?;
        let mut read = 0;
        while let Some(Stored { entity: head, .. }) = newest.filter(|head| head.entity.number > read) {
            let query = Query::table(schema::tree_snapshot_part(head.number, 0));
            let parts = self.table.operation(&operations::LIST_SNAPSHOT).list::<SnapshotPart>(query).await?;
            let parts: Vec<_> = parts.into_iter().map(|stored| stored.entity).collect();
            if u32::try_from(parts.len()) == Ok(head.parts) {
                let tree = Arc::new(snapshot::restore(head.number, &parts)?);
                return Ok(Known { tree, saved: head.number, read_at });
            }
            // A newer one has taken its place meanwhile.
            (newest, read) = (self.head().await?, head.number);
        }
        if read > 0 {
            return Err(Failure::unavailable("the latest snapshot of the tree is not whole"));
        }
        Ok(Known { tree: Arc::default(), saved: 0, read_at })
    }

    pub(super) async fn head(&self) -> Result<Option<Stored<SnapshotHead>>, Failure> {
        self.table.operation(&operations::GET_SNAPSHOT).get(schema::tree_snapshot()).await
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
            let tree = self.fresh().await?;
            if tree.is_incomplete() {
                let cause = "the log of categories has a change of a later release";
                return Err(Failure::unavailable(cause).into());
            }
            match attempt(tree).await? {
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
}
