//! Ends, blocks and new names of organizers, carried out for their events page by page.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::{DomainEvent, batch::Delivery},
    clock::Timestamp,
    id::{EventId, OrganizationId, UserId},
    membership::OrganizationCheck,
    organizer::Organizer,
    table::{Attempt, item::Stored, optimistic},
    vocabulary::{ActorKind, EventStatus, OrganizationStatus},
    walk::{CONCURRENCY, PAGE, Page},
};

use super::Listener;
use crate::{
    event::{Change, Event},
    store::{ListedEvent, Writing},
};

/// Place in the walk over the events of a deleted account: those that it organizes, then
/// those that it has created.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Place {
    Organized(String),
    Created(Option<String>),
}

/// Consequence for an event.
#[derive(Debug, Clone, Copy)]
enum Ending {
    /// Its organizer is deleted.
    Delete,
    /// The account that has created it is deleted.
    ForgetCreator,
    /// Its organisation has ended.
    Cancel,
    /// Its organisation is blocked, or no longer.
    Block(OrganizationId),
    /// Its organizer has another name, which search finds.
    Refresh,
}

impl Listener {
    /// Deletes the events of a deleted account, and forgets that it has created others.
    pub(super) async fn user_deleted(&self, delivery: &Delivery, user: UserId) -> Result<(), Failure> {
        let organizer = &Organizer::User(user);
        let list = |place| async move {
            let after = match place {
                Some(Place::Created(after)) => return self.created(user, after).await,
                Some(Place::Organized(after)) => Some(after),
                None => None,
            };
            let found = self.store.list_events_of(organizer, EventStatus::ALL, after, PAGE).await?;
            let Page { items, next } = Page::of(found, PAGE, |last: &ListedEvent| last.sort.clone());
            let items = items.into_iter().map(|listed| (listed.id, Ending::Delete)).collect();
            Ok(Page { items, next: Some(next.map_or(Place::Created(None), Place::Organized)) })
        };
        // Nothing follows the last event.
        self.walker.walk(delivery, CONCURRENCY, list, |ending| self.carry_out(ending)).await.map(|_| ())
    }

    async fn created(
        &self,
        user: UserId,
        after: Option<String>,
    ) -> Result<Page<(EventId, Ending), Place>, Failure> {
        let found = self.store.list_events_made_by(user, after, PAGE).await?;
        let Page { items, next } = Page::of(found, PAGE, |last: &ListedEvent| last.sort.clone());
        let items = items.into_iter().map(|listed| (listed.id, Ending::ForgetCreator)).collect();
        Ok(Page { items, next: next.map(|after| Place::Created(Some(after))) })
    }

    /// Cancels the events of an organisation that is deleted or has closed, and deletes its
    /// drafts. Those that are over stay.
    pub(super) async fn organizer_ended(
        &self,
        delivery: &Delivery,
        organizer: Organizer,
    ) -> Result<(), Failure> {
        self.for_each(delivery, &organizer, Ending::Cancel).await
    }

    /// Hides the events of a blocked organisation, and shows those of an unblocked one.
    pub(super) async fn organizer_status_changed(
        &self,
        delivery: &Delivery,
        organizer: Organizer,
    ) -> Result<(), Failure> {
        let Some(organization) = organizer.organization() else { return Ok(()) };
        self.for_each(delivery, &organizer, Ending::Block(organization)).await
    }

    /// Brings the new name of an organizer to whoever keeps it with an event.
    pub(super) async fn organizer_updated(
        &self,
        delivery: &Delivery,
        organizer: Organizer,
        changed: &[String],
    ) -> Result<(), Failure> {
        if changed.iter().any(|field| field == "name") {
            self.for_each(delivery, &organizer, Ending::Refresh).await?;
        }
        Ok(())
    }

    async fn for_each(
        &self,
        delivery: &Delivery,
        organizer: &Organizer,
        ending: Ending,
    ) -> Result<(), Failure> {
        let list = |after| async move {
            let found = self.store.list_events_of(organizer, EventStatus::ALL, after, PAGE).await?;
            let Page { items, next } = Page::of(found, PAGE, |last: &ListedEvent| last.sort.clone());
            Ok(Page { items: items.into_iter().map(|listed| (listed.id, ending)).collect(), next })
        };
        // Nothing follows the last event.
        self.walker.walk(delivery, CONCURRENCY, list, |ending| self.carry_out(ending)).await.map(|_| ())
    }

    async fn carry_out(&self, (id, ending): (EventId, Ending)) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(before) = self.store.get_event(id).await? else { return Ok(Attempt::Done(())) };
            let now = self.context.clock.now();
            match ending {
                Ending::Delete => self.delete(&before, now).await,
                Ending::Cancel if before.entity.status == EventStatus::Draft => {
                    self.delete(&before, now).await
                }
                Ending::Cancel => {
                    let after = cancelled(&before.entity, now);
                    self.replace(&before, after, DomainEvent::EventCancelled).await
                }
                Ending::ForgetCreator => {
                    let is_known = before.entity.created_by.is_some();
                    let after = Event { created_by: None, updated_at: now, ..before.entity.clone() };
                    self.replace(&before, is_known.then_some(after), DomainEvent::EventUpdated).await
                }
                Ending::Refresh => {
                    let after = before.entity.is_public().then(|| before.entity.clone());
                    self.replace(&before, after, DomainEvent::EventUpdated).await
                }
                Ending::Block(organization) => self.follow(organization, &before, now).await,
            }
        })
        .await
    }

    /// Hides or shows an event as the present status of its organisation says: deliveries come in
    /// any order, and walks overlap. The write checks the status again.
    async fn follow(
        &self,
        organization: OrganizationId,
        before: &Stored<Event>,
        now: Timestamp,
    ) -> Result<Attempt<()>, Failure> {
        let status = self.store.get_organization_status(organization).await?;
        let is = |wanted: OrganizationStatus| status.as_ref().is_some_and(|status| *status == wanted);
        let blocked = is(OrganizationStatus::Blocked);
        if before.entity.organizer_blocked == blocked {
            return Ok(Attempt::Done(()));
        }
        let check = if is(OrganizationStatus::Active) {
            OrganizationCheck::Active(organization)
        } else {
            OrganizationCheck::Inactive(organization)
        };
        let after = Event { organizer_blocked: blocked, updated_at: now, ..before.entity.clone() };
        let publish = if blocked { DomainEvent::EventBlocked } else { DomainEvent::EventUnblocked };
        self.write(before, &after, publish, vec![check]).await
    }

    async fn delete(&self, before: &Stored<Event>, now: Timestamp) -> Result<Attempt<()>, Failure> {
        let after = Event { updated_at: now, ..before.entity.clone() };
        let deleted = after.changed(Some(&before.entity), Change::default(), ActorKind::System);
        let writing =
            Writing { checks: Vec::new(), account: None, events: vec![DomainEvent::EventDeleted(deleted)] };
        Attempt::of(self.store.delete_event(before, now, writing).await)
    }

    async fn replace(
        &self,
        before: &Stored<Event>,
        after: Option<Event>,
        publish: fn(shared::bus::events::EventChanged) -> DomainEvent,
    ) -> Result<Attempt<()>, Failure> {
        match after {
            Some(after) => self.write(before, &after, publish, Vec::new()).await,
            None => Ok(Attempt::Done(())),
        }
    }

    async fn write(
        &self,
        before: &Stored<Event>,
        after: &Event,
        publish: fn(shared::bus::events::EventChanged) -> DomainEvent,
        checks: Vec<OrganizationCheck>,
    ) -> Result<Attempt<()>, Failure> {
        let changed = after.changed(Some(&before.entity), Change::default(), ActorKind::System);
        let writing = Writing { checks, account: None, events: vec![publish(changed)] };
        Attempt::of(self.store.replace_event(before, after, writing).await)
    }
}

/// The cancelled event; `None` if it is over.
fn cancelled(before: &Event, now: Timestamp) -> Option<Event> {
    let is_open = crate::transitions::is_allowed(&before.status, EventStatus::Cancelled);
    let status = EventStatus::Cancelled.into();
    is_open.then(|| Event { status, sequence: before.sequence + 1, updated_at: now, ..before.clone() })
}
