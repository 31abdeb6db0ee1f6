//! Background work: the pollers, and the upkeep of the data folder.
//!
//! Messages live in memory, so the position in the stream is saved at quiet points
//! only: when everything before it has been handled. A kill then loses nothing; records
//! after the last quiet point are handled again, which consumers must tolerate anyway.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;
use shared::clock::Clock;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{
    cloud::{Cloud, Counts, DeadLetter},
    data::{DataError, Folder},
    pollers::{Consumers, Pollers, Positions, Progress, stopping},
    stack::{Stack, TemplateError},
};

/// Interval of the removal of expired items. DynamoDB takes up to days; a developer may
/// want to see it sooner.
const SWEEP: Duration = Duration::from_mins(1);

/// Interval of pruning the stream: a seed writes 5 MB of records a second.
const PRUNE: Duration = Duration::from_secs(10);

/// Minimum time between quiet points, so that watching does not slow down a busy
/// platform.
const BREATH: Duration = Duration::from_millis(20);

/// Poll interval in the absence of a notification: rustack moves messages to a
/// dead-letter queue without one.
const LOOK: Duration = Duration::from_secs(1);

/// Maximum time that a shutdown waits for running work.
const DRAIN: Duration = Duration::from_secs(10);

/// The pollers and the upkeep.
pub(crate) struct Background {
    progress: Progress,
    pollers: Pollers,
    upkeep: Option<Upkeep>,
}

/// Work that is written and not handled yet.
#[derive(Debug, Clone, Serialize)]
pub struct Undelivered {
    /// Unread stream records, counted up to 1000.
    pub stream_records: usize,
    /// True if events are on their way from the bus to queues.
    pub on_the_bus: bool,
    /// Messages by queue, in the queues that feed functions.
    pub messages: BTreeMap<String, Counts>,
    /// Dead letters.
    pub dead_letters: Vec<DeadLetter>,
}

impl Undelivered {
    /// True if everything has been handled and there are no dead letters.
    pub fn is_empty(&self) -> bool {
        self.stream_records == 0
            && !self.on_the_bus
            && self.messages.is_empty()
            && self.dead_letters.is_empty()
    }
}

/// Errors of starting the background work.
#[derive(Debug, thiserror::Error)]
pub enum BackgroundError {
    /// A mapping of the template is not valid.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The data folder could not be read.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl Background {
    pub(crate) fn start(
        stack: &Stack,
        cloud: &Cloud,
        folder: Option<&Folder>,
        clock: &Clock,
        consumers: &impl Consumers,
    ) -> Result<Self, BackgroundError> {
        let saved = folder.map(Folder::stream_positions).transpose()?.unwrap_or_default();
        let progress = Progress::new(cloud.clone(), Positions::new(saved));
        let pollers = Pollers::start(stack, &progress, clock, consumers)?;
        let upkeep = folder.map(|folder| Upkeep::start(progress.clone(), folder.clone()));
        Ok(Self { progress, pollers, upkeep })
    }

    /// Waits until all writes have been handled.
    pub(crate) async fn settle(&self) {
        let mut changes = self.progress.cloud.changes();
        loop {
            changes.mark_unchanged();
            // A consumer may have written to the stream after its check and before that
            // of its message; then there was a change.
            if self.progress.is_idle().await && changes.has_changed().is_ok_and(|changed| !changed) {
                return;
            }
            let _ = timeout(LOOK, changes.changed()).await;
        }
    }

    pub(crate) async fn undelivered(&self) -> Undelivered {
        let cloud = &self.progress.cloud;
        let mut messages = BTreeMap::new();
        for queue in cloud.queues().sources() {
            let counts = cloud.queues().count(queue).await;
            if !counts.is_empty() {
                messages.insert(queue.to_owned(), counts);
            }
        }
        Undelivered {
            stream_records: self.progress.unread(1000),
            on_the_bus: !cloud.bus_is_idle(),
            messages,
            dead_letters: cloud.dead_letters().await,
        }
    }

    /// Waits until no work is running. Failed messages that are hidden until their next
    /// delivery do not count: that may take minutes, and the next start delivers them.
    async fn drain(&self) {
        let mut changes = self.progress.cloud.changes();
        while !self.progress.is_at_rest().await {
            changes.mark_unchanged();
            let _ = timeout(LOOK, changes.changed()).await;
        }
    }

    /// Finishes the running work within [`DRAIN`], and stops.
    pub(crate) async fn shutdown(self) {
        if timeout(DRAIN, self.drain()).await.is_err() {
            tracing::warn!("not everything could be handled in time; the next start goes on with it");
        }
        if let Some(upkeep) = self.upkeep {
            upkeep.stop().await;
        }
        self.pollers.stop().await;
    }
}

/// Saves the position and the dead letters at quiet points, removes expired items,
/// prunes the stream.
struct Upkeep {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Upkeep {
    fn start(progress: Progress, folder: Folder) -> Self {
        let (stop, stopped) = watch::channel(false);
        let keeper = Keeper { progress, folder, saved: BTreeMap::new() };
        Self { stop, task: tokio::spawn(keeper.run(stopped)) }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.task.await;
    }
}

struct Keeper {
    progress: Progress,
    folder: Folder,
    saved: BTreeMap<String, i64>,
}

impl Keeper {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut changes = self.progress.cloud.changes();
        let mut sweep = interval(SWEEP);
        let mut prune = interval(PRUNE);
        // A laptop that slept has missed ticks; one for all of them is enough.
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        prune.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            changes.mark_unchanged();
            let quiet = self.keep().await;
            tokio::select! {
                _ = changes.changed() => sleep(BREATH).await,
                () = sleep(LOOK), if !quiet => {}
                _ = sweep.tick() => { self.progress.cloud.sweep(); }
                _ = prune.tick() => self.prune(),
                () = stopping(&mut stopped) => break,
            }
        }
        self.keep().await;
        self.prune();
        if let Err(error) = self.progress.cloud.dynamodb().compact() {
            tracing::warn!(%error, "the data folder could not be compacted");
        }
    }

    /// Saves the state at a quiet point; true if this is one.
    async fn keep(&mut self) -> bool {
        let Some(positions) = self.progress.settled().await else { return false };
        self.save(positions).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the position in the stream could not be saved");
            false
        })
    }

    async fn save(&mut self, positions: BTreeMap<String, i64>) -> Result<bool, DataError> {
        // The dead letters first: once the position is saved, their events are not
        // replayed.
        if !self.progress.cloud.queues().keep_dead_letters().await? {
            return Ok(false);
        }
        if positions != self.saved {
            // A crash of the system must not undo a commit before a saved position: the
            // stream's numbers would be given out again and their records never read.
            self.progress.cloud.dynamodb().sync()?;
            self.folder.save_stream_positions(&positions)?;
            self.saved = positions;
        }
        Ok(true)
    }

    fn prune(&self) {
        // Before the saved position, not the current one: the records between them are
        // needed after a kill.
        let Some(least) = self.saved.values().min() else { return };
        if let Err(error) = self.progress.cloud.dynamodb().prune_stream(*least) {
            tracing::warn!(%error, "the stream could not be pruned");
        }
    }
}
