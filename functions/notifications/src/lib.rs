//! Notifies people of events by email. It consumes events and has no routes.
//!
//! | module | content |
//! |---|---|
//! | `reactions` | one function for each consumed event |
//! | `mails` | texts of the emails, in every language |
//! | `members` | notices to the members of an organisation |
//! | `sender` | one email for each event: claimed, sent, marked |
//! | `store` | table operations |

mod mails;
mod members;
mod operations;
mod reactions;
mod sender;
mod store;

pub use operations::OPERATIONS;
use reactions::Notifications;
use shared::{
    Environment, StartError, bus::batch::Reactions, config::PublicUrl, identity::mail_link::LinkKey,
    lambda::SqsHandler, secrets::Secret,
};
pub use store::ENTITIES;

shared::configuration! {
    /// Configuration from the template.
    pub struct Config {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Path prefix of the stage's secrets, with a slash at its end.
        pub parameter_path: String = "PARAMETER_PATH",
        /// Base URL of the links in emails.
        pub public_url: PublicUrl = "PUBLIC_URL",
        /// Sender address.
        pub mail_sender: String = "MAIL_SENDER",
        /// Queue of the function, for continuations.
        pub queue_url: String = "NOTIFICATIONS_QUEUE_URL",
    }
}

/// The secrets that the function reads.
pub const SECRETS: [Secret; 1] = [LinkKey::SECRET];

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Notifications::EVENT_TYPES;

/// The function.
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<Config>("notifications")?;
    let notifications = Notifications::new(&environment.aws, config, context.clone());
    shared::lambda::prime(&context, notifications.link_key()).await;
    Ok(SqsHandler::new(context, notifications))
}
