//! What the group's handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use futures::{FutureExt as _, future::join};
use shared::{
    Context, Failure,
    config::AllowedOrigins,
    identity::{Keyring, LoginKey, mail_link::LinkKey, password::HashCost, tokens::SigningKeys},
    secrets::{Secret, Secrets},
    table::Table,
};
use tokio::sync::OnceCell;

use crate::{store::Store, tokens::RefreshKey};

shared::configuration! {
    /// What the group is told by the template.
    pub struct Config {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// Below which the stage's secrets are, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// The `iss` of access tokens.
        pub token_issuer: String = "TOKEN_ISSUER",
        /// The web origins that may call.
        pub allowed_origins: AllowedOrigins = "ALLOWED_ORIGINS" or AllowedOrigins::default(),
        /// argon2id's memory, KiB.
        pub password_memory_kib: u32 = "PASSWORD_MEMORY_KIB" or 47_104,
        /// argon2id's passes.
        pub password_iterations: u32 = "PASSWORD_ITERATIONS" or 1,
        /// argon2id's lanes.
        pub password_parallelism: u32 = "PASSWORD_PARALLELISM" or 1,
    }
}

/// The secrets that the group reads.
pub const SECRETS: [Secret; 4] = [SigningKeys::SECRET, LoginKey::SECRET, RefreshKey::SECRET, LinkKey::SECRET];

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Auth {
    pub(crate) context: Context,
    pub(crate) config: Arc<Config>,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    secrets: Secrets,
    keys: Arc<OnceCell<Keys>>,
}

/// The group's secrets, read once an instance.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) signing: SigningKeys,
    pub(crate) login: LoginKey,
    pub(crate) refresh: RefreshKey,
    pub(crate) link: LinkKey,
}

impl Auth {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: Config, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        Self {
            keyring: Keyring::new(table.clone(), context.clone(), &config.token_issuer),
            store: Store::new(table),
            secrets: Secrets::new(aws, config.parameter_path.clone(), context.random.clone()),
            keys: Arc::default(),
            config: Arc::new(config),
            context,
        }
    }

    /// The group's keys. The first call reads the secrets and the published
    /// keys at the same time, and publishes ours if they are not there yet.
    pub(crate) async fn keys(&self) -> Result<&Keys, Failure> {
        self.keys.get_or_try_init(|| self.read_keys().boxed()).await
    }

    async fn read_keys(&self) -> Result<Keys, Failure> {
        let (secrets, published) = join(self.secrets.read_or_create(SECRETS), self.keyring.published()).await;
        let [signing, login, refresh, link] = secrets?;
        published?;
        let keys = Keys {
            signing: SigningKeys::from_secret(&signing)?,
            login: LoginKey::from_secret(&login)?,
            refresh: RefreshKey::from_secret(&refresh)?,
            link: LinkKey::from_secret(&link)?,
        };
        self.keyring.publish(keys.signing.public()).await?;
        Ok(keys)
    }

    /// What hashing a password costs.
    pub(crate) fn hash_cost(&self) -> HashCost {
        HashCost {
            memory_kib: self.config.password_memory_kib,
            iterations: self.config.password_iterations,
            parallelism: self.config.password_parallelism,
        }
    }
}

impl FromRef<Auth> for Keyring {
    fn from_ref(auth: &Auth) -> Self {
        auth.keyring.clone()
    }
}
