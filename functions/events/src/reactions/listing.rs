//! Entry of changed events into the agenda, where search finds them.

use futures::future::try_join;
use shared::{Failure, bus::events::EventChanged, journal::Committed, vocabulary::EventStatus};

use super::Listener;
use crate::agenda::{AgendaChange, AgendaLogEntry, KEPT_DAYS, document};

/// Number of entries between removals of past events, which reach every instance with the log.
const CLEANED_EVERY: u64 = 100;

impl Listener {
    /// Brings the present state of an event into the agenda. `version` is the event's after
    /// the change that was delivered.
    pub(super) async fn list(&self, changed: &EventChanged, version: u64) -> Result<(), Failure> {
        let now = self.context.clock.now();
        let id = changed.event_id.to_string();
        let names = self.store.organizer_names([&changed.organizer]);
        let (event, names) = try_join(self.store.get_event(changed.event_id), names).await?;
        let change = match event {
            Some(stored) => {
                match document(&stored, names.get(&stored.entity.organizer).map(String::as_str), now) {
                    Some(document) => AgendaChange::Upsert(Box::new(document)),
                    // No version of it has ever been listed.
                    None if stored.entity.published_at.is_none() => return Ok(()),
                    None => AgendaChange::Remove { id, version: stored.version, at: now.seconds() },
                }
            }
            // A draft that was listed before has left with an earlier change.
            None if is_draft(changed) => return Ok(()),
            None => AgendaChange::Remove { id, version, at: now.seconds() },
        };
        // Those of a batch would overtake each other.
        let turn = self.turn.lock().await;
        self.agenda
            .commit(|agenda| {
                let change = change.clone();
                async move {
                    if change.is_in(&agenda) {
                        return Ok::<_, Failure>(Committed::Done((), None));
                    }
                    let mut all = vec![change];
                    if agenda.number() % CLEANED_EVERY == 0 {
                        all.push(AgendaChange::RemovePast(now.seconds() - KEPT_DAYS * 86_400));
                    }
                    let entry = AgendaLogEntry::after(&agenda, &all)?;
                    let appended = self.store.append_to_agenda(&entry).await?;
                    Ok(if appended { Committed::Done((), Some(entry)) } else { Committed::Overtaken })
                }
            })
            .await?;
        drop(turn);
        self.agenda.save_when_due(self.snapshot_every).await
    }
}

fn is_draft(changed: &EventChanged) -> bool {
    changed.status == EventStatus::Draft && changed.previous_status == Some(EventStatus::Draft.into())
}
