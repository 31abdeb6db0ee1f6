//! Tells people by e-mail what has happened. It listens to events and has no
//! routes.
//!
//! | module | what it holds |
//! |---|---|
//! | `reactions` | one function an event listened to |
//! | `mails` | what the mails say, in every language |
//! | `sender` | one mail an event: claimed, sent, marked |
//! | `store` | how the function uses the table |

mod mails;
mod reactions;
mod sender;
mod store;

use reactions::Notifications;
use shared::{
    Environment, StartError, bus::batch::Reactions, config::PublicUrl, identity::mail_link::LinkKey,
    lambda::SqsHandler, secrets::Secret,
};
pub use store::{ENTITIES, OPERATIONS};

shared::configuration! {
    /// What the function is told by the template.
    pub struct Config {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// Below which the stage's secrets are, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// Where the links in mails lead.
        pub public_url: PublicUrl = "PUBLIC_URL",
        /// The address that mails come from.
        pub mail_sender: String = "MAIL_SENDER",
    }
}

/// The secrets that the function reads.
pub const SECRETS: [Secret; 1] = [LinkKey::SECRET];

/// The types of events that the function listens to.
pub const LISTENS_TO: &[&str] = Notifications::LISTENS_TO;

/// The function.
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<Config>("notifications")?;
    let notifications = Notifications::new(&environment.aws, config, context.clone());
    shared::lambda::prime(&context, notifications.link_key()).await;
    Ok(SqsHandler::new(context, notifications))
}
