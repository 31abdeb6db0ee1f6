//! Mails that somebody asks for who need not have an account: the same work and
//! the same answer whether the address has one. The count of its mails commits
//! together with the event; who listens to that finds the account, or drops it.

use std::net::IpAddr;

use shared::{Refused, bus::DomainEvent, id::RequestId, identity::limits::Wait, text::Email};

use crate::state::Auth;

/// Mails of one purpose that an address may be sent from everywhere, for each that it
/// may be sent from one network: nobody uses up what its owner needs.
const NETWORKS: u32 = 5;

/// A purpose that mails are counted for: none uses up another's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MailPurpose {
    /// Confirmation of an address.
    Verification,
    /// Reset of a password.
    PasswordReset,
    /// Registration of an address that has an account.
    RegisteredAlready,
}

impl MailPurpose {
    fn name(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
            Self::RegisteredAlready => "registered_already",
        }
    }
}

/// Asks for a mail to `email`, from the network of `address`; `event` is what asks,
/// given its id and what stands for the address; without one, only the work is done.
pub(crate) async fn request(
    auth: &Auth,
    email: &Email,
    address: Option<IpAddr>,
    purpose: MailPurpose,
    event: Option<impl FnOnce(RequestId, String) -> DomainEvent>,
) -> Result<(), Refused<Wait>> {
    let keys = auth.keys().await?;
    let address_mac = keys.address.mailbox(email);
    let everywhere = format!("mail.{}.{address_mac}", purpose.name());
    let here = format!("{everywhere}.{}", keys.address.network(address));
    let event = event.map(|event| event(auth.context.ids.next(), address_mac));
    let (limit, now) = (auth.config.mails_per_hour, auth.context.clock.now());
    auth.limits.take(&here, limit.into(), now, Vec::new()).await?;
    auth.limits.take(&everywhere, limit.times(NETWORKS).into(), now, event.into_iter().collect()).await
}
