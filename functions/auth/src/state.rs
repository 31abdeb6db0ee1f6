//! State that the group's handlers share.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join3;
use shared::{
    Failure,
    clock::Timestamp,
    group::Group,
    identity::{
        AddressKey,
        limits::{Limits, NetworkLimits, PerHour},
        mail_link::LinkKey,
        password::{Attempt, HashCost, ImportedHashes, Scheme, Verified},
        tokens::{SECRETS_CACHE, SigningKeys},
    },
    secrets::{Secret, Secrets},
};
use tokio::sync::Mutex;

use crate::{refresh_token::RefreshKey, store::Store};

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// Path prefix of the stage's secrets, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// Hides in a registration if the address has an account.
        pub quiet_registration: bool = "QUIET_REGISTRATION" or false,
        /// Cost of a new password hash.
        pub password_cost: HashCost = "PASSWORD_COST" or HashCost::DEFAULT,
        /// Wrong passwords of an account, from one network or one device, before the
        /// next attempt must wait.
        pub login_failures: u32 = "LOGIN_FAILURES" or 10,
        /// Wrong passwords of an account, from all networks that its owner has not
        /// signed in from, before the next attempt must wait.
        pub login_failures_everywhere: u32 = "LOGIN_FAILURES_EVERYWHERE" or 100,
        /// Emails an hour for an address, of one purpose and from one site.
        pub mails_per_hour: PerHour = "MAILS_PER_HOUR" or PerHour(3),
        /// Registrations an hour for a site.
        pub registrations_per_hour: PerHour = "REGISTRATIONS_PER_HOUR" or PerHour(20),
        /// Callers whose network is limited.
        pub network_limits: NetworkLimits = "NETWORK_LIMITS" or NetworkLimits::Everywhere,
    }
}

/// The secrets that the group reads.
pub const SECRETS: [Secret; 4] =
    [SigningKeys::SECRET, AddressKey::SECRET, RefreshKey::SECRET, LinkKey::SECRET];

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Auth {
    group: Group<Config>,
    pub(crate) store: Store,
    pub(crate) limits: Limits,
    secrets: Secrets,
    keys: Arc<Mutex<Option<Cached>>>,
    least_time: Arc<Mutex<Option<LeastTime>>>,
}

/// Memo of [`ImportedHashes::least_time`].
#[derive(Debug)]
struct LeastTime {
    imported: ImportedHashes,
    time: Option<Duration>,
}

#[derive(Debug)]
struct Cached {
    keys: Arc<Keys>,
    read_at: Timestamp,
}

/// The group's secrets.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) signing: SigningKeys,
    pub(crate) address: AddressKey,
    pub(crate) refresh: RefreshKey,
    pub(crate) link: LinkKey,
    /// Imported hash schemes, kept with the keys because both are read equally often.
    imported: ImportedHashes,
}

impl Auth {
    pub(crate) fn new(group: Group<Config>) -> Self {
        let path = group.config.parameter_path.clone();
        Self {
            limits: Limits::new(group.table.clone()),
            store: Store::new(group.table.clone()),
            secrets: Secrets::new(&group.aws, path, group.context.random.clone()),
            keys: Arc::default(),
            least_time: Arc::default(),
            group,
        }
    }

    /// Reads at the same time all that the first request needs.
    pub(crate) async fn prime(&self) -> Result<(), Failure> {
        self.keys().await.map(drop)
    }

    /// The group's keys, reread every few minutes so that a rotation reaches this
    /// instance. If they cannot be read, the previous ones stay in use.
    pub(crate) async fn keys(&self) -> Result<Arc<Keys>, Failure> {
        let mut cached = self.keys.lock().await;
        let now = self.context.clock.now();
        if let Some(cached) = cached.as_ref().filter(|cached| now.since(cached.read_at) < SECRETS_CACHE) {
            return Ok(Arc::clone(&cached.keys));
        }
        let read = Box::pin(self.read_keys()).await.map(Arc::new);
        match (read, cached.as_mut()) {
            (Ok(keys), _) => {
                *cached = Some(Cached { keys: Arc::clone(&keys), read_at: now });
                Ok(keys)
            }
            (Err(failure), Some(before)) => {
                tracing::warn!(%failure, "the secrets cannot be reread; the previous ones stay in use");
                Ok(Arc::clone(&before.keys))
            }
            (Err(failure), None) => Err(failure),
        }
    }

    /// Reads the secrets and the published keys at the same time, and publishes this
    /// instance's if they are missing.
    async fn read_keys(&self) -> Result<Keys, Failure> {
        let (secrets, primed, imported) = join3(
            self.secrets.read_or_create(SECRETS),
            self.verifier.prime(),
            ImportedHashes::read(&self.table),
        )
        .await;
        let [signing, address, refresh, link] = secrets?;
        primed?;
        let keys = Keys {
            signing: SigningKeys::from_secret(&signing)?,
            address: AddressKey::from_secret(&address)?,
            refresh: RefreshKey::from_secret(&refresh)?,
            link: LinkKey::from_secret(&link)?,
            imported: imported?,
        };
        self.verifier.keyring().publish(keys.signing.public()).await?;
        Ok(keys)
    }

    /// Verifies a password in a time that does not reveal if the address has an
    /// account.
    pub(crate) async fn verify(&self, attempt: &Attempt, hash: Option<String>) -> Result<Verified, Failure> {
        let least = self.least_time(hash.as_deref()).await?;
        let began = Instant::now();
        let verified = self.config.password_cost.verify(attempt, hash).await?;
        if let Some(left) = least.and_then(|least| least.checked_sub(began.elapsed())) {
            tokio::time::sleep(left).await;
        }
        Ok(verified)
    }

    /// See [`ImportedHashes::least_time`]. Measured once by each instance, and again
    /// for a scheme that is new to the instance: after an import, or of an earlier
    /// cost.
    async fn least_time(&self, hash: Option<&str>) -> Result<Option<Duration>, Failure> {
        let keys = self.keys().await?;
        let met = hash.and_then(Scheme::of).filter(|scheme| *scheme != self.config.password_cost.into());
        let mut measured = self.least_time.lock().await;
        let mut imported = measured.as_ref().map(|least| least.imported.clone()).unwrap_or_default();
        if imported.add(keys.imported.schemes().iter().cloned().chain(met)) {
            let time = imported.least_time(self.config.password_cost).await?;
            *measured = Some(LeastTime { imported, time });
        }
        Ok(measured.as_ref().and_then(|least| least.time))
    }
}

shared::group_state!(Auth, Config);
