//! State that the group's handlers share.

use std::sync::Arc;

use shared::{
    Failure,
    group::Group,
    identity::{AddressKey, mail_link::LinkKey},
    secrets::{Secret, Secrets},
};
use tokio::sync::OnceCell;

use crate::store::Store;

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// Path prefix of the stage's secrets, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// True if only accounts with a verified address may create an organisation.
        pub require_confirmed_email: bool = "REQUIRE_CONFIRMED_EMAIL" or true,
    }
}

/// The secrets that the group reads.
pub const SECRETS: [Secret; 2] = [AddressKey::SECRET, LinkKey::SECRET];

/// The keys of invitations.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Keys of address MACs.
    pub(crate) address: AddressKey,
    /// Key of mailed links.
    pub(crate) link: LinkKey,
}

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Organizations {
    group: Group<Config>,
    pub(crate) store: Store,
    secrets: Secrets,
    keys: Arc<OnceCell<Keys>>,
}

impl Organizations {
    pub(crate) fn new(group: Group<Config>) -> Self {
        let path = group.config.parameter_path.clone();
        Self {
            store: Store::new(group.table.clone()),
            secrets: Secrets::new(&group.aws, path, group.context.random.clone()),
            keys: Arc::default(),
            group,
        }
    }

    /// The keys of invitations, read once an instance by the first request that needs
    /// them: most requests do not.
    pub(crate) async fn keys(&self) -> Result<&Keys, Failure> {
        self.keys
            .get_or_try_init(|| async {
                let [address, link] = self.secrets.read_or_create(SECRETS).await?;
                Ok(Keys { address: AddressKey::from_secret(&address)?, link: LinkKey::from_secret(&link)? })
            })
            .await
    }
}

shared::group_state!(Organizations, Config);
