//! State that the group's handlers share.

use std::sync::Arc;

use futures::future::join;
use shared::{
    Failure,
    group::Group,
    identity::{
        AddressKey,
        limits::{Limits, NetworkLimits, PerHour},
        password::HashCost,
    },
    secrets::{Secret, Secrets},
};
use tokio::sync::OnceCell;

use crate::store::Store;

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// Path prefix of the stage's secrets, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// Emails an hour for an address.
        pub mails_per_hour: PerHour = "MAILS_PER_HOUR" or PerHour(3),
        /// Callers whose network is limited.
        pub network_limits: NetworkLimits = "NETWORK_LIMITS" or NetworkLimits::Everywhere,
        /// Cost of a new password hash.
        pub password_cost: HashCost = "PASSWORD_COST" or HashCost::DEFAULT,
    }
}

/// The secrets that the group reads.
pub const SECRETS: [Secret; 1] = [AddressKey::SECRET];

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Users {
    group: Group<Config>,
    pub(crate) store: Store,
    pub(crate) limits: Limits,
    secrets: Secrets,
    address_key: Arc<OnceCell<AddressKey>>,
}

impl Users {
    pub(crate) fn new(group: Group<Config>) -> Self {
        let path = group.config.parameter_path.clone();
        Self {
            limits: Limits::new(group.table.clone()),
            store: Store::new(group.table.clone()),
            secrets: Secrets::new(&group.aws, path, group.context.random.clone()),
            address_key: Arc::default(),
            group,
        }
    }

    /// Reads at the same time all that the first request needs.
    pub(crate) async fn prime(&self) -> Result<(), Failure> {
        let (key, primed) = join(Box::pin(self.address_key()), Box::pin(self.verifier.prime())).await;
        key?;
        primed
    }

    /// The key of address MACs, read once an instance: changing it means to rewrite
    /// every login.
    pub(crate) async fn address_key(&self) -> Result<&AddressKey, Failure> {
        self.address_key
            .get_or_try_init(|| async {
                let [key] = self.secrets.read_or_create(SECRETS).await?;
                AddressKey::from_secret(&key)
            })
            .await
    }
}

shared::group_state!(Users, Config);
