//! Changes of an event by a caller: read, judged and written again until no concurrent
//! writer interferes.

use shared::{
    Failure, Refused,
    bus::DomainEvent,
    clock::Timestamp,
    http::{Faults, IfMatch, Stale},
    id::EventId,
    identity::Caller,
    membership::{Denied, MemberAction},
    table::{Attempt, item::Stored, optimistic},
    text::Invalid,
    vocabulary::ActorKind,
};

use crate::{
    access::{Authority, permit},
    event::Event,
    state::Events,
    store::Writing,
};

/// Maximum size of an event: 16 times 4 KB, the unit of a read.
const MOST_BYTES: usize = 64 * 1024;

/// Reason for a refused change that every command has.
#[derive(Debug)]
pub(crate) enum CommandRefusal {
    /// The event does not exist for the caller.
    NotFound,
    /// The caller may not change it.
    Denied(Denied),
    /// The event is not as the caller has read it.
    Stale(Stale),
    /// The event would be too large.
    Invalid(Faults),
}

/// The state that a command finds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) event: &'a Event,
    pub(crate) actor: ActorKind,
    pub(crate) now: Timestamp,
}

/// Result of a command.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Nothing has to change.
    Unchanged,
    /// The event after the change, and the published events.
    Changed(Box<Event>, Vec<DomainEvent>),
}

/// Declares how a command's errors show the refusals of [`permit`], and with `command`
/// those that every change has.
macro_rules! event_problems {
    (permission $error:ident) => {
        impl From<::shared::membership::Denied> for $error {
            fn from(denied: ::shared::membership::Denied) -> Self {
                use ::shared::membership::Denied;
                match denied {
                    Denied::Forbidden => Self::Forbidden,
                    Denied::NotPermitted(needs) => Self::NotPermitted(needs),
                    Denied::Blocked => Self::Blocked,
                    Denied::Closed => Self::Closed,
                }
            }
        }
    };
    (command $error:ident) => {
        $crate::writer::event_problems!(permission $error);

        impl From<$crate::writer::CommandRefusal> for $error {
            fn from(refusal: $crate::writer::CommandRefusal) -> Self {
                use $crate::writer::CommandRefusal;
                match refusal {
                    CommandRefusal::NotFound => Self::NotFound,
                    CommandRefusal::Denied(denied) => denied.into(),
                    CommandRefusal::Stale(stale) => Self::Stale(stale),
                    CommandRefusal::Invalid(faults) => Self::Invalid(faults),
                }
            }
        }
    };
}
pub(crate) use event_problems;

/// Changes an event for a caller who may perform `action`; gives the result.
pub(crate) async fn change<E>(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, &IfMatch),
    action: MemberAction,
    decide: impl Fn(Found<'_>) -> Result<Outcome, E>,
) -> Result<Stored<Event>, E>
where
    E: From<CommandRefusal> + From<Failure>,
{
    let decide = |found: Found<'_>| Ok((decide(found)?, ()));
    change_with(events, caller, (id, if_match), action, decide).await.map(|(stored, ())| stored)
}

/// Changes an event as [`change`] does; gives the result, and what the decision says of it.
pub(crate) async fn change_with<E, T>(
    events: &Events,
    caller: &Caller,
    (id, if_match): (EventId, &IfMatch),
    action: MemberAction,
    decide: impl Fn(Found<'_>) -> Result<(Outcome, T), E>,
) -> Result<(Stored<Event>, T), E>
where
    E: From<CommandRefusal> + From<Failure>,
{
    let decide = &decide;
    optimistic(|| async move {
        let before = events.store.get_event(id).await?;
        let before = before.ok_or(CommandRefusal::NotFound)?;
        let permitted = permit(&events.store, caller, &before.entity, action).await;
        let permitted = match permitted {
            Ok(permitted) => permitted,
            Err(Refused::By(denied)) => return Err(CommandRefusal::Denied(denied).into()),
            Err(Refused::Failed(failure)) => return Err(failure.into()),
        };
        let Authority { check, actor } = permitted.ok_or(CommandRefusal::NotFound)?;
        if_match.check(before.version).map_err(CommandRefusal::Stale)?;
        let found = Found { event: &before.entity, actor, now: events.context.clock.now() };
        let (outcome, told) = decide(found)?;
        let Outcome::Changed(after, published) = outcome else { return Ok(Attempt::Done((before, told))) };
        judge_size(&after).map_err(CommandRefusal::Invalid)?;
        let writing = Writing { checks: vec![check], account: None, events: published };
        match events.store.replace_event(&before, &after, writing).await {
            Ok(()) => Ok(Attempt::Done((Stored { entity: *after, version: before.version + 1 }, told))),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}

/// Refuses an event that is larger than its limit.
pub(crate) fn judge_size(event: &Event) -> Result<(), Faults> {
    let bytes = serde_json::to_vec(event).map_or(0, |bytes| bytes.len());
    if bytes > MOST_BYTES {
        return Err(Faults::one("", Invalid::new("too_large", "An event is at most 64 KB.")));
    }
    Ok(())
}
