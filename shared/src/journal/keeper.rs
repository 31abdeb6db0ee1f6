//! The state of a warm function: it catches up with the log and appends to it.

use std::{sync::Arc, time::Duration};

use futures::future::try_join_all;
use tokio::sync::Mutex;

use super::{
    Entry, Folded, State,
    snapshot::{self, Basis, PARTS_IN_A_PAGE, SnapshotHead, SnapshotPart},
};
use crate::{
    Context, Failure,
    clock::Timestamp,
    table::{Query, Table, item::Stored},
    telemetry::Scope,
};

/// Age from which a known state is read again: entries that it lacks may have been removed
/// since.
const RELOAD: Duration = Duration::from_hours(1);

/// Time that a reader who can do with an older state waits for a newer one.
const PATIENCE: Duration = Duration::from_secs(1);

/// Result of an attempt to change the state.
#[derive(Debug)]
pub enum Committed<S, T> {
    /// The change is made, by this entry; without an entry nothing had to change.
    Done(T, Option<Entry<S>>),
    /// Another writer has appended an entry since the state was read.
    Overtaken,
}

/// The state, as far as this instance has read. Clones share it.
#[derive(Debug, Clone)]
pub struct Keeper<S> {
    pub(super) table: Table,
    pub(super) context: Context,
    pub(super) known: Arc<Mutex<Option<Known<S>>>>,
}

#[derive(Debug)]
pub(super) struct Known<S> {
    folded: Arc<Folded<S>>,
    /// The snapshot that the state was read from, or a later one.
    pub(super) basis: Basis,
    /// The time at which the log was last read to its end; `None` if that failed
    /// after the snapshot was read.
    read_at: Option<Timestamp>,
}

impl<S: State> Keeper<S> {
    /// Makes a keeper that has not read anything yet.
    pub fn new(table: Table, context: Context) -> Self {
        Self { table, context, known: Arc::default() }
    }

    /// The state as it was `max_age` ago or later, and its age. Reads the table only
    /// if the known state is older.
    pub async fn recent(&self, max_age: Duration) -> Result<(Arc<Folded<S>>, Duration), Failure> {
        let now = self.context.clock.now();
        if let Some(Known { folded, read_at: Some(read_at), .. }) = self.known.lock().await.as_ref() {
            let age = now.since(*read_at);
            if age < max_age {
                return Ok((Arc::clone(folded), age));
            }
        }
        Ok((self.fresh().await?, Duration::ZERO))
    }

    /// The state as it was `max_age` ago or later, and the time at which it was current.
    /// While the table cannot be read, a state that is known, however old it is.
    pub async fn available(&self, max_age: Duration) -> Result<(Arc<Folded<S>>, Timestamp), Failure> {
        let failure = match tokio::time::timeout(PATIENCE, self.recent(max_age)).await {
            Ok(Ok((folded, age))) => return Ok((folded, self.context.clock.now().before(age))),
            Ok(Err(failure)) => failure,
            Err(_) if self.known.lock().await.is_none() => {
                let (folded, age) = self.recent(max_age).await?;
                return Ok((folded, self.context.clock.now().before(age)));
            }
            Err(_) => Failure::unavailable(format!("{} was not read in time", S::LAYOUT.name)),
        };
        match self.known.lock().await.as_ref() {
            Some(Known { folded, read_at: Some(read_at), .. }) => Ok((Arc::clone(folded), *read_at)),
            _ => Err(failure),
        }
    }

    /// The current state.
    pub async fn fresh(&self) -> Result<Arc<Folded<S>>, Failure> {
        self.follow().await.map(|(folded, _)| folded)
    }

    /// The current state, and the snapshot that it was read from.
    pub(super) async fn follow(&self) -> Result<(Arc<Folded<S>>, Basis), Failure> {
        // A caller that waits for the lock reads the log itself afterwards: it never
        // gets a state from before it asked.
        let mut known = self.known.lock().await;
        let read_at = self.context.clock.now();
        let known = match &mut *known {
            Some(known) if known.read_at.is_none_or(|before| read_at.since(before) < RELOAD) => known,
            outdated => outdated.insert(self.load().await?),
        };
        let mut entries = self.read_log(known.folded.number()).await?;
        if has_gap(known.folded.number(), &entries) {
            *known = self.load().await?;
            entries = self.read_log(known.folded.number()).await?;
            if has_gap(known.folded.number(), &entries) {
                return Err(Failure::unavailable(format!("the log of {} lacks entries", S::LAYOUT.name)));
            }
        }
        for entry in entries {
            // Copies the state if a caller still holds the previous one.
            Arc::make_mut(&mut known.folded).apply(&entry)?;
        }
        known.read_at = Some(read_at);
        Ok((Arc::clone(&known.folded), known.basis))
    }

    async fn read_log(&self, last: u64) -> Result<Vec<Entry<S>>, Failure> {
        let next = (S::LAYOUT.entry.1)(last + 1);
        let query = Query::table(next.clone()).from(next.sk);
        let entries = self.table.operation(S::LAYOUT.follow).list::<Entry<S>>(query).await?;
        Ok(entries.into_iter().map(|stored| stored.entity).collect())
    }

    /// The state of the latest snapshot.
    async fn load(&self) -> Result<Known<S>, Failure> {
        let mut newest = self.head().await?;
        let mut read = Basis::default();
        while let Some(Stored { entity: head, .. }) = newest.filter(|head| head.entity.basis() > read) {
            let parts = self.read_parts(&head).await?;
            if u32::try_from(parts.len()) == Ok(head.parts) {
                let folded = snapshot::restore(head.number, parts)?;
                return Ok(Known { folded: Arc::new(folded), basis: head.basis(), read_at: None });
            }
            // A newer snapshot has replaced this one and removed its parts.
            (newest, read) = (self.head().await?, head.basis());
        }
        if read > Basis::default() {
            let cause = format!("the latest snapshot of {} is incomplete", S::LAYOUT.name);
            return Err(Failure::unavailable(cause));
        }
        Ok(Known { folded: Arc::default(), basis: Basis::default(), read_at: None })
    }

    /// Reads the parts of a snapshot, all pages at once.
    async fn read_parts(&self, head: &SnapshotHead<S>) -> Result<Vec<Stored<SnapshotPart<S>>>, Failure> {
        let pages = (0..head.parts).step_by(PARTS_IN_A_PAGE).map(|first| {
            let first = (S::LAYOUT.part.1)(head.number, first);
            let query = Query::table(first.clone()).from(first.sk).limit(PARTS_IN_A_PAGE);
            let operation = self.table.operation(S::LAYOUT.list_snapshot);
            async move { operation.list::<SnapshotPart<S>>(query).await }
        });
        Ok(try_join_all(pages).await?.into_iter().flatten().collect())
    }

    pub(super) async fn head(&self) -> Result<Option<Stored<SnapshotHead<S>>>, Failure> {
        self.table.operation(S::LAYOUT.get_snapshot).get((S::LAYOUT.snapshot.1)()).await
    }

    /// Changes the state: `attempt` decides by the current state and writes an entry.
    /// Retries on [`Committed::Overtaken`] until the deadline: of all concurrent
    /// writers one succeeds.
    pub async fn commit<T, E, F>(&self, mut attempt: impl FnMut(Arc<Folded<S>>) -> F) -> Result<T, E>
    where
        E: From<Failure>,
        F: Future<Output = Result<Committed<S, T>, E>>,
    {
        let scope = Scope::current();
        let mut round = 0_u32;
        loop {
            let folded = self.fresh().await?;
            if folded.is_incomplete() {
                let cause = format!("the log of {} has a change of a later release", S::LAYOUT.name);
                return Err(Failure::unavailable(cause).into());
            }
            match attempt(folded).await? {
                Committed::Done(done, entry) => {
                    if let Some(entry) = entry {
                        self.note(&entry).await?;
                    }
                    return Ok(done);
                }
                Committed::Overtaken => {
                    let pause = Duration::from_millis(self.context.random.up_to(10 << round.min(6)));
                    if scope.as_ref().is_some_and(|scope| pause >= scope.remaining()) {
                        let cause = format!("other requests keep changing {}", S::LAYOUT.name);
                        return Err(Failure::unavailable(cause).into());
                    }
                    tokio::time::sleep(pause).await;
                    round += 1;
                }
            }
        }
    }

    /// Applies an entry that this instance has written, so that this instance's next
    /// reader of a recent state sees it.
    async fn note(&self, entry: &Entry<S>) -> Result<(), Failure> {
        if let Some(known) = self.known.lock().await.as_mut()
            && known.folded.number() + 1 == entry.number
        {
            Arc::make_mut(&mut known.folded).apply(entry)?;
        }
        Ok(())
    }
}

/// True if entries after `last` have been removed, before or while the log was read.
fn has_gap<S>(last: u64, entries: &[Entry<S>]) -> bool {
    (last + 1..).zip(entries).any(|(number, entry)| entry.number != number)
}
