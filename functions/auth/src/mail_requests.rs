//! Mails that somebody asks for who need not have an account: the same work and
//! the same answer whether the address has one. The count of its mails commits
//! together with the event; who listens to that finds the account, or drops it.

use shared::{Refused, bus::DomainEvent, id::RequestId, identity::limits::Wait, text::Email};

use crate::state::Auth;

/// Asks for a mail to `email`; `event` is what asks, given its id and what
/// stands for the address.
pub(crate) async fn request(
    auth: &Auth,
    email: &Email,
    event: impl FnOnce(RequestId, String) -> DomainEvent,
) -> Result<(), Refused<Wait>> {
    let keys = auth.keys().await?;
    let address_mac = keys.address.mailbox(email);
    let key = format!("mail.{address_mac}");
    let event = event(auth.context.ids.next(), address_mac);
    let limit = auth.config.mails_per_hour.into();
    auth.limits.take(&key, limit, auth.context.clock.now(), vec![event]).await
}
