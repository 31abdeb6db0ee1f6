//! A password against a login, within the limits. For an unknown address the
//! work is the same: as many hashes, round trips and units.

use std::net::IpAddr;

use futures::future::{join, join3};
use shared::{
    Failure, Refused,
    identity::{
        Login, User,
        limits::{Failures, Wait},
        password::{Attempt, Verified},
    },
    table::item::Stored,
    text::Email,
};

use crate::state::Auth;

/// Why a password is not accepted.
#[derive(Debug)]
pub(crate) enum PasswordRefusal {
    /// It is wrong, or the address is unknown.
    Wrong,
    /// Too many passwords were wrong: this one is not checked.
    Wait(Wait),
}

/// A right password.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) user: Stored<User>,
    pub(crate) login: Stored<Login>,
    /// Whether the login's hash is of another cost than a new one would be.
    pub(crate) outdated: bool,
    /// What stands for the network that it came from.
    pub(crate) network: String,
}

/// Where the failures of a login are counted.
struct Counters {
    here: String,
    everywhere: String,
}

/// Checks a password that came from `address`: 2 round trips, and a third where
/// it is wrong.
pub(crate) async fn check(
    auth: &Auth,
    email: &Email,
    attempt: &Attempt,
    address: Option<IpAddr>,
) -> Result<Checked, Refused<PasswordRefusal>> {
    let keys = auth.keys().await?;
    let (mailbox, network) = (keys.address.mailbox(email), keys.address.network(address));
    let counters =
        Counters { here: format!("login.{mailbox}.{network}"), everywhere: format!("login.{mailbox}") };
    let (login, here, everywhere) = join3(
        auth.store.get_login(&mailbox),
        auth.limits.failures(&counters.here),
        auth.limits.failures(&counters.everywhere),
    )
    .await;
    let (login, here, everywhere) = (login?, here?, everywhere?);
    if let Some(wait) = must_wait(auth, login.as_ref(), &network, [here, everywhere]) {
        return Err(Refused::By(PasswordRefusal::Wait(wait)));
    }

    // Without a login, nobody's account is asked for all the same.
    let user_id = login.as_ref().map_or_else(|| auth.context.ids.next(), |login| login.entity.user_id);
    let hash = login.as_ref().and_then(|login| login.entity.password_hash.clone());
    let (verified, user) = join(auth.hash_cost().verify(attempt, hash), auth.store.get_user(user_id)).await;
    match (verified?, login, user?) {
        (Verified::Right { outdated }, Some(login), Some(user)) => {
            Ok(Checked { user, login, outdated, network })
        }
        (Verified::Right { .. } | Verified::Wrong, ..) => {
            count(auth, &counters, [here, everywhere]).await?;
            Err(Refused::By(PasswordRefusal::Wrong))
        }
    }
}

/// Who has logged in from here before is not locked out by what strangers do
/// elsewhere.
fn must_wait(
    auth: &Auth,
    login: Option<&Stored<Login>>,
    network: &str,
    [here, everywhere]: [Option<Failures>; 2],
) -> Option<Wait> {
    let now = auth.context.clock.now();
    let config = &auth.config;
    let here = here.and_then(|failures| failures.wait(config.login_failures, now));
    let everywhere = everywhere
        .filter(|_| !login.is_some_and(|login| login.entity.knows(network)))
        .and_then(|failures| failures.wait(config.login_failures_everywhere, now));
    here.or(everywhere)
}

async fn count(auth: &Auth, counters: &Counters, seen: [Option<Failures>; 2]) -> Result<(), Failure> {
    let now = auth.context.clock.now();
    let (limits, config) = (&auth.limits, &auth.config);
    let (here, everywhere) = join(
        limits.count_failure(&counters.here, config.login_failures, seen[0], now),
        limits.count_failure(&counters.everywhere, config.login_failures_everywhere, seen[1], now),
    )
    .await;
    here.and(everywhere)
}
