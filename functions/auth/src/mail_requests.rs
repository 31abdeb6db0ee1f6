//! Emails that anyone can request for any address: the same work and the same answer
//! for an address with an account and for one without. The count of its emails commits
//! together with the event; the consumer of the event finds the account, or drops the
//! event.

use std::net::IpAddr;

use shared::{
    Failure, Refused,
    bus::DomainEvent,
    id::RequestId,
    identity::limits::{Limit, Wait},
    text::Email,
};

use crate::state::Auth;

/// Ratio of the limit of an address from all networks to its limit from one network: a
/// stranger on one network cannot use up the owner's emails.
const NETWORKS: u32 = 5;

/// Purpose of an email. Each purpose is counted on its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MailPurpose {
    /// Registration of an account. Requests for a confirmation do not count for it: a
    /// stranger could keep an address from registering with them.
    Registration,
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
            Self::Registration => "registration",
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
            Self::RegisteredAlready => "registered_already",
        }
    }
}

/// Requests an email to `email`, from the network of `address`. `event` makes the event
/// from its id and the MAC of the address; without it, only the same work is done.
pub(crate) async fn request(
    auth: &Auth,
    email: &Email,
    address: Option<IpAddr>,
    purpose: MailPurpose,
    event: Option<impl FnOnce(RequestId, String) -> DomainEvent>,
) -> Result<(), Refused<Wait>> {
    let address_mac = auth.keys().await?.address.mailbox(email);
    let event = event.map(|event| event(auth.context.ids.next(), address_mac));
    let now = auth.context.clock.now();
    let [(here, limit), (everywhere, limit_everywhere)] = counts(auth, email, address, purpose).await?;
    auth.limits.take(&here, limit, now, Vec::new()).await?;
    auth.limits.take(&everywhere, limit_everywhere, now, event.into_iter().collect()).await
}

/// The counts of the emails to `email`, from the network of `address` and from all
/// networks: key and limit of each.
pub(crate) async fn counts(
    auth: &Auth,
    email: &Email,
    address: Option<IpAddr>,
    purpose: MailPurpose,
) -> Result<[(String, Limit); 2], Failure> {
    let keys = auth.keys().await?;
    let everywhere = format!("mail.{}.{}", purpose.name(), keys.address.mailbox(email));
    let here = format!("{everywhere}.{}", keys.address.network(address));
    let limit = auth.config.mails_per_hour;
    Ok([(here, limit.into()), (everywhere, limit.times(NETWORKS).into())])
}
