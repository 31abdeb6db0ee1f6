//! Common part of the commands of administrators of the platform.

use shared::{
    Refused,
    bus::{DomainEvent, events::EventChanged},
    http::{IfMatch, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::EventId,
    table::{Attempt, item::Stored, optimistic},
    vocabulary::ActorKind,
};

use crate::{
    event::{Change, Event},
    state::Events,
    store::Writing,
    view::EventView,
};

shared::problems! {
    /// Errors of a command of an administrator.
    pub enum ModerateEventError {
        NotFound => NOT_FOUND,
        Stale(Stale),
    }
}

pub(super) type ModeratedEvent = Versioned<Reply<EventView>>;

/// Blocks or unblocks an event. Repeating it has no effect.
pub(super) async fn set_blocked(
    events: &Events,
    (id, if_match): (EventId, IfMatch),
    blocked: bool,
    publish: fn(EventChanged) -> DomainEvent,
) -> Result<ModeratedEvent, ModerateEventError> {
    let if_match = &if_match;
    let changed = optimistic(|| async move {
        let before = events.store.get_event(id).await?.ok_or(ModerateEventError::NotFound)?;
        if_match.check(before.version)?;
        if before.entity.blocked == blocked {
            return Ok(Attempt::Done(before));
        }
        let now = events.context.clock.now();
        let after = Event { blocked, updated_at: now, ..before.entity.clone() };
        let changed = after.changed(Some(&before.entity), Change::default(), ActorKind::Administrator);
        let writing = Writing { checks: Vec::new(), account: None, events: vec![publish(changed)] };
        match events.store.replace_event(&before, &after, writing).await {
            Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(ModerateEventError::from(failure)),
        }
    })
    .await?;
    let now = events.context.clock.now();
    Ok(Versioned(changed.version, Reply(EventView::new(changed, now, true))))
}
