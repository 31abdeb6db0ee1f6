//! `POST /api/v1/events/{event_id}/publish`

use axum::extract::State;
use shared::{
    Failure, Refused,
    bus::DomainEvent,
    clock::Timestamp,
    http::{
        Faults, IfMatch, Path, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::EventId,
    identity::Caller,
    membership::{MemberAction, OrganizationCheck},
    table::{Attempt, item::Stored, optimistic},
    text::{Invalid, Slug, slugs_of},
    vocabulary::EventStatus,
};

use super::{change_event::gaps, move_event::moved};
use crate::{
    access::permit,
    event::{Change, Event, is_reserved},
    problems::{NotAllowed, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, SLUG_TAKEN},
    state::Events,
    store::{WriteRefusal, Writing},
    view::EventView,
    writer::{Found, event_problems},
};

shared::problems! {
    /// Errors of publishing an event.
    pub enum PublishEventError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        SlugTaken => SLUG_TAKEN,
        InvalidTransition(NotAllowed),
        Stale(Stale),
        Invalid(Faults),
    }
}

event_problems!(command PublishEventError);

/// Publish an event
///
/// Makes a draft public with its `visibility`. Requires a schedule with a future date, a
/// venue with city and country unless the event is online, and a link unless it is offline;
/// returns 422 with every missing field. The first publication fixes the slug. For the
/// organizer, and editors and higher roles of the organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/publish",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    responses(Versioned<Reply<EventView>>, PublishEventError),
)]
pub async fn publish_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
) -> Result<Versioned<Reply<EventView>>, PublishEventError> {
    let (events, caller, if_match) = (&events, &caller, &if_match);
    let published = optimistic(|| async move {
        let before = events.store.get_event(id).await?.ok_or(PublishEventError::NotFound)?;
        let permitted = permit(&events.store, caller, &before.entity, MemberAction::ManageEvents).await?;
        let authority = permitted.ok_or(PublishEventError::NotFound)?;
        if_match.check(before.version)?;
        if before.entity.status == EventStatus::Published {
            return Ok(Attempt::Done(before));
        }
        let found = Found { event: &before.entity, actor: authority.actor, now: events.context.clock.now() };
        let after = moved(found, EventStatus::Published)?;
        judge(&after, found.now)?;
        let after = Event { published_at: after.published_at.or(Some(found.now)), reason: None, ..after };
        write(events, found, &before, &after, authority.check).await
    })
    .await?;
    let now = events.context.clock.now();
    Ok(Versioned(published.version, Reply(EventView::new(published, now, true))))
}

/// Writes the published event: for the first time under the first free one of its slugs,
/// which it keeps for later publications.
async fn write(
    events: &Events,
    found: Found<'_>,
    before: &Stored<Event>,
    after: &Event,
    check: OrganizationCheck,
) -> Result<Attempt<Stored<Event>>, PublishEventError> {
    for slug in slugs(after)? {
        let mut after = after.clone();
        after.details.slug = Some(slug.clone());
        let changed = after.changed(Some(&before.entity), Change::default(), found.actor);
        let published = vec![DomainEvent::EventPublished(changed)];
        let writing = Writing { checks: vec![check], account: None, events: published };
        let written = match before.entity.published_at {
            None => events.store.publish_event(before, &after, slug, writing).await,
            Some(_) => events.store.replace_event(before, &after, writing).await,
        };
        match written {
            Ok(()) => return Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            // A slug of the organizer's choice has no other after it.
            Err(Refused::By(WriteRefusal::SlugTaken)) => {}
            Err(Refused::By(WriteRefusal::Outdated | WriteRefusal::Repeated)) => return Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => return Err(failure.into()),
        }
    }
    Err(PublishEventError::SlugTaken)
}

/// Refuses an event that lacks something which a visitor needs.
fn judge(event: &Event, now: Timestamp) -> Result<(), Faults> {
    let mut faults = gaps(&event.details);
    if event.details.schedule.is_some() && event.next(now).is_none() {
        let detail = "A public event has a coming date.";
        faults.add("/schedule", Invalid::new("no_coming_date", detail));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Slugs to try: that of the organizer's choice, else others.
fn slugs(event: &Event) -> Result<Vec<Slug>, Failure> {
    if let Some(slug) = &event.details.slug {
        return Ok(vec![slug.clone()]);
    }
    let mut slugs = slugs_of(event.details.title.as_str(), event.id)?;
    slugs.retain(|slug| !is_reserved(slug));
    Ok(slugs)
}
