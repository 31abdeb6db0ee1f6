//! Puts the domain events that the table's stream brings on the bus. It has no
//! routes and writes no item.
//!
//! | module | what it holds |
//! |---|---|
//! | `stream` | which events a record of the stream brings |
//! | `batches` | how many of them go into one `PutEvents` |
//! | `publisher` | sending, and what becomes of what cannot be sent |

mod batches;
mod publisher;
mod stream;

use shared::{Environment, StartError, lambda::StreamHandler};

shared::configuration! {
    /// What the function is told by the template.
    pub struct Config {
        /// The bus that events go to.
        pub bus_name: String = "BUS_NAME",
        /// Where a record goes that can never be published.
        pub dead_letter_queue_url: String = "DEAD_LETTER_QUEUE_URL",
    }
}

/// The function.
#[expect(clippy::unused_async, reason = "every entry point is alike: most have keys to prime")]
pub async fn publisher(environment: Environment) -> Result<StreamHandler, StartError> {
    let (config, context) = environment.open::<Config>("publisher")?;
    let publisher = publisher::Publisher::new(&environment.aws, config, context);
    Ok(StreamHandler::new(move |event, invocation| publisher.clone().run(event, invocation)))
}
