//! Notices to the members of an organisation, page by page.

use shared::{
    Failure,
    bus::{batch::Delivery, events::EventChanged},
    id::UserId,
    walk::{CONCURRENCY, PAGE, Page},
};

use crate::{
    mails::{Mail, Reader},
    reactions::{Notifications, reader},
    store::AnnouncedEvent,
};

/// Text of a notice, for a reader.
type Notice = fn(Reader<'_>, &AnnouncedEvent) -> Mail;

impl Notifications {
    /// Notifies the members of the organisation that organizes an event. A person who
    /// organizes an event alone knows of the change.
    pub(crate) async fn notify_members(
        &self,
        delivery: &Delivery,
        changed: &EventChanged,
        notice: Notice,
    ) -> Result<(), Failure> {
        let Some(organization) = changed.organizer.organization() else { return Ok(()) };
        let Some(event) = self.store.get_event(changed.event_id).await? else { return Ok(()) };
        let (event, fact) = (&event, &delivery.envelope.id);
        let list = |after: Option<UserId>| async move {
            let members = self.store.list_members_after(organization, after, PAGE).await?;
            Ok(Page::of(members, PAGE, |user| *user))
        };
        let notify = |user: UserId| async move {
            let Some(user) = self.store.get_user(user).await? else { return Ok(()) };
            let mail = notice(reader(&user), event);
            self.sender.send_once(&format!("{fact}.{}", user.id), &user.email, &mail).await
        };
        // Nothing follows the last member.
        self.walker.walk(delivery, CONCURRENCY, list, notify).await.map(|_| ())
    }
}
