//! What goes on without requests: the pollers, and the upkeep of the data
//! folder.
//!
//! Messages live in memory, so the position in the stream is saved at quiet
//! points only: when everything up to it has been handled. A kill then loses
//! nothing; what lies between the last quiet point and the kill is handled
//! again, which consumers must bear anyway.

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

/// How often expired items are looked for. DynamoDB takes up to days; here a
/// developer may want to see it.
const SWEEP: Duration = Duration::from_mins(1);

/// How often the stream is pruned.
const PRUNE: Duration = Duration::from_hours(1);

/// How long quiet points are apart at least, so that a busy platform is not
/// busier for being watched.
const BREATH: Duration = Duration::from_millis(20);

/// How often is looked without being told of a change: rustack sets messages
/// aside without telling.
const LOOK: Duration = Duration::from_secs(1);

/// How long a shutdown waits for what is under way.
const DRAIN: Duration = Duration::from_secs(10);

/// The pollers and the upkeep.
pub(crate) struct Background {
    progress: Progress,
    pollers: Pollers,
    upkeep: Option<Upkeep>,
}

/// What has been written and not been handled.
#[derive(Debug, Clone, Serialize)]
pub struct Undelivered {
    /// Records of the stream that no function has read, counted up to 1000.
    pub stream_records: usize,
    /// Whether events are on their way from the bus to queues.
    pub on_the_bus: bool,
    /// Messages in the queues that feed functions, by queue.
    pub messages: BTreeMap<String, Counts>,
    /// Messages that were set aside.
    pub dead_letters: Vec<DeadLetter>,
}

impl Undelivered {
    /// Whether everything has been handled and nothing was set aside.
    pub fn is_empty(&self) -> bool {
        self.stream_records == 0
            && !self.on_the_bus
            && self.messages.is_empty()
            && self.dead_letters.is_empty()
    }
}

/// Why the background could not be started.
#[derive(Debug, thiserror::Error)]
pub enum BackgroundError {
    /// A mapping is not as it must be.
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

    /// Waits until everything that was written has been handled.
    pub(crate) async fn settle(&self) {
        let mut changes = self.progress.cloud.changes();
        loop {
            changes.mark_unchanged();
            // A consumer may have written to the stream after that was asked
            // and before its message was; then there was a change.
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

    /// Waits until nothing is under way. What failed and is hidden until it
    /// comes again is not: that may take minutes, and the next start brings it.
    async fn drain(&self) {
        let mut changes = self.progress.cloud.changes();
        while !self.progress.is_at_rest().await {
            changes.mark_unchanged();
            let _ = timeout(LOOK, changes.changed()).await;
        }
    }

    /// Finishes what is under way, as far as that takes no longer than
    /// [`DRAIN`], and stops.
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

/// Saves the position and the dead letters at quiet points, sweeps expired
/// items, prunes the stream.
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
        // A laptop that slept has missed ticks; one for them all is enough.
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
    }

    /// Saves what is to be saved, if this is a quiet point; gives whether it
    /// is one.
    async fn keep(&mut self) -> bool {
        let Some(positions) = self.progress.settled().await else { return false };
        self.save(positions).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the position in the stream could not be saved");
            false
        })
    }

    async fn save(&mut self, positions: BTreeMap<String, i64>) -> Result<bool, DataError> {
        // The letters first: once the position is saved, the events that they
        // came from are not replayed.
        if !self.progress.cloud.queues().keep_dead_letters().await? {
            return Ok(false);
        }
        if positions != self.saved {
            self.folder.save_stream_positions(&positions)?;
            self.saved = positions;
        }
        Ok(true)
    }

    fn prune(&self) {
        // Behind the saved position, not the current one: the records between
        // them are needed after a kill.
        let Some(least) = self.saved.values().min() else { return };
        if let Err(error) = self.progress.cloud.dynamodb().prune_stream(*least) {
            tracing::warn!(%error, "the stream could not be pruned");
        }
    }
}
