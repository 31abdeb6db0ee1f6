//! The state of a warm function: it catches up with the log and appends to it.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use super::{
    Entry, Folded, State,
    snapshot::{self, SnapshotHead, SnapshotPart},
};
use crate::{
    Context, Failure,
    clock::Timestamp,
    table::{Query, Table, item::Stored},
    telemetry::Scope,
};

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
    context: Context,
    pub(super) known: Arc<Mutex<Option<Known<S>>>>,
}

#[derive(Debug)]
pub(super) struct Known<S> {
    folded: Arc<Folded<S>>,
    /// The number of the snapshot that the state was read from, or of a later one.
    pub(super) saved: u64,
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

    /// The current state.
    pub async fn fresh(&self) -> Result<Arc<Folded<S>>, Failure> {
        self.follow().await.map(|(folded, _)| folded)
    }

    /// The current state, and the number of the snapshot that it was read from.
    pub(super) async fn follow(&self) -> Result<(Arc<Folded<S>>, u64), Failure> {
        // A caller that waits for the lock reads the log itself afterwards: it never
        // gets a state from before it asked.
        let mut known = self.known.lock().await;
        let read_at = self.context.clock.now();
        let known = match &mut *known {
            Some(known) => known,
            nothing => nothing.insert(self.load().await?),
        };
        for entry in self.read_log(known.folded.number()).await? {
            // Copies the state if a caller still holds the previous one.
            Arc::make_mut(&mut known.folded).apply(&entry)?;
        }
        known.read_at = Some(read_at);
        Ok((Arc::clone(&known.folded), known.saved))
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
        let mut read = 0;
        while let Some(Stored { entity: head, .. }) = newest.filter(|head| head.entity.number > read) {
            let query = Query::table((S::LAYOUT.part.1)(head.number, 0));
            let parts = self.table.operation(S::LAYOUT.list_snapshot).list::<SnapshotPart<S>>(query).await?;
            if u32::try_from(parts.len()) == Ok(head.parts) {
                let folded = snapshot::restore(head.number, parts)?;
                return Ok(Known { folded: Arc::new(folded), saved: head.number, read_at: None });
            }
            // A newer snapshot has replaced this one and removed its parts.
            (newest, read) = (self.head().await?, head.number);
        }
        if read > 0 {
            let cause = format!("the latest snapshot of {} is incomplete", S::LAYOUT.name);
            return Err(Failure::unavailable(cause));
        }
        Ok(Known { folded: Arc::default(), saved: 0, read_at: None })
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
