//! Emails that anyone can request for any address: the same work and the same answer
//! for an address with an account and for one without. The count of its emails commits
//! together with the event; the consumer of the event finds the account, or drops the
//! event.
//!
//! Counts are of sites (an IPv4 address, an IPv6 /48): a subscriber may have many
//! networks, and with them could use up the emails of any address. From a network that
//! the owner has signed in from, the counts are others and the work is the same.

use std::net::IpAddr;

use futures::future::join;
use shared::{
    Failure, Refused,
    bus::DomainEvent,
    id::RequestId,
    identity::limits::{Limit, Wait},
    text::Email,
};

use crate::state::Auth;

/// Ratio of the limit of an address from all sites to its limit from one site: a stranger
/// at one site cannot use up the owner's emails. Networks that the owner has signed in
/// from are not among the sites: no stranger elsewhere can use up those emails.
const SITES: u32 = 5;

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
    let keys = auth.keys().await?;
    let address_mac = keys.address.mailbox(email);
    let now = auth.context.clock.now();
    let callers = auth.config.network_limits;
    let (login, of_site) = join(
        auth.store.get_login(&address_mac),
        auth.limits.take_mail_of_site(&keys.address, callers, address, now),
    )
    .await;
    of_site?;
    let network = keys.address.network(address);
    let is_at_home = login?.is_some_and(|login| login.entity.knows(&network));
    let [(here, limit), (everywhere, limit_everywhere)] = if is_at_home {
        let known = format!("{}.known", key_of(purpose, &address_mac));
        limits(auth, known, &network)
    } else {
        counts(auth, email, address, purpose).await?
    };
    let event = event.map(|event| event(auth.context.ids.next(), address_mac));
    auth.limits.take(&here, limit, now, Vec::new()).await?;
    auth.limits.take(&everywhere, limit_everywhere, now, event.into_iter().collect()).await
}

/// The counts of the emails to `email`, from the site of `address` and from all sites:
/// key and limit of each.
pub(crate) async fn counts(
    auth: &Auth,
    email: &Email,
    address: Option<IpAddr>,
    purpose: MailPurpose,
) -> Result<[(String, Limit); 2], Failure> {
    let keys = auth.keys().await?;
    let everywhere = key_of(purpose, &keys.address.mailbox(email));
    Ok(limits(auth, everywhere, &keys.address.site(address)))
}

fn key_of(purpose: MailPurpose, address_mac: &str) -> String {
    format!("mail.{}.{address_mac}", purpose.name())
}

/// The counts of a place, and of all places that count together.
fn limits(auth: &Auth, everywhere: String, place: &str) -> [(String, Limit); 2] {
    let limit = auth.config.mails_per_hour;
    let here = format!("{everywhere}.{place}");
    [(here, limit.into()), (everywhere, limit.times(SITES).into())]
}
