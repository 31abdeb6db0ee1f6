//! Password check against a login, within the limits. For an unknown address the work
//! is the same: as many hashes, round trips and units.
//!
//! Each attempt is counted before its hash as a failure and as a right password. The
//! first is taken back when the password was right, the second when it was wrong.
//! Attempts from a device that has signed in to the account before are counted for that
//! device alone, so no attacker locks its owner out there.

use std::{net::IpAddr, time::Duration};

use futures::future::{join, try_join_all};
use shared::{
    Failure, Refused,
    id::{DeviceId, SessionId},
    identity::{
        Login, User,
        limits::{CountedAttempt, Limit, Wait},
        password::{Attempt, Verified},
    },
    table::item::Stored,
    text::Email,
};

use crate::state::Auth;

/// Limit of wrong passwords from one site, over all addresses.
const SITE: Limit = Limit { count: 50, window: Duration::from_mins(15) };

/// Limit of the right passwords of an account, for each purpose.
const RIGHT_PASSWORDS: Limit = Limit { count: 50, window: Duration::from_hours(1) };

/// Reason for a refused password.
#[derive(Debug)]
pub(crate) enum PasswordRefusal {
    /// Wrong password or unknown address.
    Wrong,
    /// Too many wrong or right passwords: this one is not checked.
    Wait(Wait),
}

/// A right password.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) user: Stored<User>,
    pub(crate) login: Stored<Login>,
    /// True if the login's hash has other parameters than a new one would have.
    pub(crate) outdated: bool,
    /// MAC of the caller's network.
    pub(crate) network: String,
    /// Id of the device that its token has proved.
    pub(crate) device: Option<DeviceId>,
    /// Counted attempt, to be taken back.
    pub(crate) counted: Counted,
}

/// Proof that a caller belongs to the account, before the password is verified.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Proof<'a> {
    /// None, or the token of a device that has signed in before.
    Device(Option<&'a str>),
    /// A session of the account.
    Session(SessionId),
    /// A link that was mailed to the account's address.
    Mail,
}

impl Proof<'_> {
    /// Name of the count of right passwords.
    fn purpose(self) -> &'static str {
        match self {
            Proof::Device(_) => "sign_ins",
            Proof::Session(_) => "reauthentications",
            Proof::Mail => "confirmations",
        }
    }
}

/// Checks a password that came from `address`: 2 round trips, and one more for a wrong
/// one. The caller takes back the counted attempt.
pub(crate) async fn check(
    auth: &Auth,
    email: &Email,
    attempt: &Attempt,
    proof: Proof<'_>,
    address: Option<IpAddr>,
) -> Result<Checked, Refused<PasswordRefusal>> {
    let keys = auth.keys().await?;
    let mailbox = keys.address.mailbox(email);
    let network = keys.address.network(address);
    let device = match proof {
        Proof::Device(Some(token)) => keys.address.device(&mailbox, token),
        Proof::Device(None) | Proof::Session(_) | Proof::Mail => None,
    };
    // The only counter of a caller with a proof.
    let own = match proof {
        Proof::Device(_) => device.map(|id| id.to_string()),
        Proof::Session(id) => Some(id.to_string()),
        Proof::Mail => Some("mail".to_owned()),
    };
    let is_known = own.is_some();
    let is_limited = !is_known && auth.config.network_limits.count(address);
    let site = is_limited.then(|| format!("logins.{}", keys.address.site(address)));
    let here = format!("login.{mailbox}.{}", own.as_ref().unwrap_or(&network));
    let mut counted = Counted::default();
    let (login, wait) = join(auth.store.get_login(&mailbox), counted.count(auth, here, site)).await;
    let (login, mut wait) = (login?, wait?);
    // An owner who has signed in from this network before is not locked out by
    // attackers on other networks.
    let is_at_home = login.as_ref().is_some_and(|login| login.entity.knows(&network));
    let everywhere = (!is_known && !is_at_home).then(|| format!("login.{mailbox}"));
    let mut user = None;
    if wait.is_none() {
        // Without a login, an account with a random id is read all the same: equal work.
        let id = login.as_ref().map_or_else(|| auth.context.ids.next(), |login| login.entity.user_id);
        let right = format!("{}.{mailbox}", proof.purpose());
        let (counts, read) =
            join(counted.count_further(auth, everywhere, right), auth.store.get_user(id)).await;
        (wait, user) = (counts?, read?);
    }
    if let Some(wait) = wait {
        let (failure, right) = join(counted.take_back(auth), counted.take_back_right(auth)).await;
        failure.and(right)?;
        return Err(Refused::By(PasswordRefusal::Wait(wait)));
    }

    let hash = login.as_ref().and_then(|login| login.entity.password_hash.clone());
    match (auth.verify(attempt, hash).await?, login, user) {
        (Verified::Right { outdated }, Some(login), Some(user)) if !is_hidden(auth, &user.entity, proof) => {
            Ok(Checked { user, login, outdated, network, device, counted })
        }
        (Verified::Right { .. } | Verified::Wrong, ..) => {
            counted.take_back_right(auth).await?;
            Err(Refused::By(PasswordRefusal::Wrong))
        }
    }
}

/// True if a right password must not reveal that the account exists: its address is not
/// confirmed.
fn is_hidden(auth: &Auth, user: &User, proof: Proof<'_>) -> bool {
    auth.config.quiet_registration && !user.email_verified && matches!(proof, Proof::Device(_))
}

/// Counted attempt. It counts as a failure and as a right password until one of them is
/// taken back.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    attempts: Vec<CountedAttempt>,
    site: Option<String>,
    right: Option<String>,
}

impl Counted {
    /// Counts an attempt for the account and the network or the device, and for the
    /// site; or gives the time to wait.
    async fn count(
        &mut self,
        auth: &Auth,
        here: String,
        site: Option<String>,
    ) -> Result<Option<Wait>, Failure> {
        let now = auth.context.clock.now();
        let counted_at_site = async {
            match &site {
                Some(site) => auth.limits.take(site, SITE, now, Vec::new()).await,
                None => Ok(()),
            }
        };
        let here = auth.limits.count_attempt(here, auth.config.login_failures, now);
        let (here, counted_at_site) = join(here, counted_at_site).await;
        let wait = self.add(here)?;
        match counted_at_site {
            Ok(()) => {
                self.site = site;
                Ok(wait)
            }
            Err(Refused::By(longer)) => Ok(wait.or(Some(longer))),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    /// Counts an attempt that the network or the device may make: for the account from
    /// everywhere, and as a right password. Attempts that are refused before cannot use
    /// up the owner's right passwords, not even until they are taken back.
    async fn count_further(
        &mut self,
        auth: &Auth,
        everywhere: Option<String>,
        right: String,
    ) -> Result<Option<Wait>, Failure> {
        let now = auth.context.clock.now();
        let limit = auth.config.login_failures_everywhere;
        let counted_everywhere = async {
            match everywhere {
                Some(everywhere) => Some(auth.limits.count_attempt(everywhere, limit, now).await),
                None => None,
            }
        };
        let counted_as_right = auth.limits.take(&right, RIGHT_PASSWORDS, now, Vec::new());
        let (everywhere, counted_as_right) = join(counted_everywhere, counted_as_right).await;
        let wait = everywhere.map_or(Ok(None), |counted| self.add(counted))?;
        match counted_as_right {
            Ok(()) => {
                self.right = Some(right);
                Ok(wait)
            }
            Err(Refused::By(longer)) => Ok(wait.or(Some(longer))),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    fn add(&mut self, counted: Result<CountedAttempt, Refused<Wait>>) -> Result<Option<Wait>, Failure> {
        match counted {
            Ok(attempt) => {
                self.attempts.push(attempt);
                Ok(None)
            }
            Err(Refused::By(wait)) => Ok(Some(wait)),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    /// Takes the attempt back as a right password: it was none.
    async fn take_back_right(&self, auth: &Auth) -> Result<(), Failure> {
        match &self.right {
            Some(right) => auth.limits.give_back(right, RIGHT_PASSWORDS).await,
            None => Ok(()),
        }
    }

    /// Takes the attempt back: it was no failure.
    pub(crate) async fn take_back(&self, auth: &Auth) -> Result<(), Failure> {
        let attempts = try_join_all(self.attempts.iter().map(|attempt| auth.limits.take_back(attempt)));
        let site = async {
            match &self.site {
                Some(site) => auth.limits.give_back(site, SITE).await,
                None => Ok(()),
            }
        };
        let (attempts, site) = join(attempts, site).await;
        attempts.map(drop).and(site)
    }
}
