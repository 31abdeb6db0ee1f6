//! What is done about each event.

use shared::{
    Context, Failure,
    bus::{DomainEvent, Envelope, batch::Reactions, events::UserCreated},
    identity::mail_link::{LinkKey, Purpose},
    secrets::Secrets,
    table::Table,
};
use tokio::sync::OnceCell;

use crate::{Config, SECRETS, mails, sender::Sender, store::Store};

#[derive(Debug)]
pub(crate) struct Notifications {
    store: Store,
    sender: Sender,
    config: Config,
    secrets: Secrets,
    link_key: OnceCell<LinkKey>,
}

impl Reactions for Notifications {
    const LISTENS_TO: &'static [&'static str] = &["user.created"];

    async fn react(&self, envelope: Envelope) -> Result<(), Failure> {
        match &envelope.data {
            DomainEvent::UserCreated(created) => self.user_created(&envelope, created).await,
            DomainEvent::UserUpdated(_) => Ok(()),
        }
    }
}

impl Notifications {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: Config, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        let store = Store::new(table);
        Self {
            sender: Sender::new(aws, config.mail_sender.clone(), store.clone(), context.clone()),
            store,
            secrets: Secrets::new(aws, config.parameter_path.clone(), context.random),
            config,
            link_key: OnceCell::new(),
        }
    }

    /// The key that links are made with, read once an instance.
    pub(crate) async fn link_key(&self) -> Result<&LinkKey, Failure> {
        self.link_key
            .get_or_try_init(|| async {
                let [key] = self.secrets.read_or_create(SECRETS).await?;
                LinkKey::from_secret(&key)
            })
            .await
    }

    /// Asks a new account's owner to confirm the address.
    async fn user_created(&self, envelope: &Envelope, created: &UserCreated) -> Result<(), Failure> {
        let Some(user) = self.store.get_user(created.user_id).await? else {
            // Deleted meanwhile: there is nobody to tell.
            return Ok(());
        };
        if user.email_verified {
            return Ok(());
        }
        let expires_at = envelope.occurred_at + Purpose::ConfirmEmail.lifetime();
        let token =
            self.link_key().await?.token(Purpose::ConfirmEmail, user.id, expires_at, user.email.as_str());
        let link = format!("{}/account/confirm-email?token={token}", self.config.public_url);
        let mail = mails::confirm_email(user.preferences.locale, user.name.as_ref(), &link);
        self.sender.send_once(&envelope.id, &user.email, &mail).await
    }
}
