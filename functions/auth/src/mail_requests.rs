//! Mails that somebody asks for who need not have an account: the same work and
//! the same answer whether the address has one. The count of its mails commits
//! together with the event; who listens to that finds the account, or drops it.

use shared::{
    Failure,
    bus::DomainEvent,
    id::RequestId,
    identity::limits::{TakeError, Wait},
    text::Email,
};

use crate::state::Auth;

/// Why no mail is sent.
#[derive(Debug)]
pub(crate) enum MailRefusal {
    /// The address has been sent too many.
    Wait(Wait),
    /// Nobody's fault.
    Failed(Failure),
}

/// Asks for a mail to `email`; `event` is what asks, given its id and what
/// stands for the address.
pub(crate) async fn request(
    auth: &Auth,
    email: &Email,
    event: impl FnOnce(RequestId, String) -> DomainEvent,
) -> Result<(), MailRefusal> {
    let keys = auth.keys().await.map_err(MailRefusal::Failed)?;
    let address_mac = keys.address.mailbox(email);
    let key = format!("mail.{address_mac}");
    let event = event(auth.context.ids.next(), address_mac);
    let now = auth.context.clock.now();
    let limit = auth.config.mails_per_hour.into();
    match auth.limits.take(&key, limit, now, vec![event]).await {
        Ok(()) => Ok(()),
        Err(TakeError::Wait(wait)) => Err(MailRefusal::Wait(wait)),
        Err(TakeError::Failed(failure)) => Err(MailRefusal::Failed(failure)),
    }
}
