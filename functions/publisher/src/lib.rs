//! Publishes the domain events of the table's stream to the bus. It has no
//! routes and writes no item.
//!
//! | module | content |
//! |---|---|
//! | `stream` | the new events of a stream record |
//! | `batches` | chunks for one `PutEvents` call |
//! | `publisher` | sending, retries and dead letters |

mod batches;
mod publisher;
mod stream;

use shared::{Environment, StartError, lambda::StreamHandler};

shared::configuration! {
    /// Configuration from the template.
    pub struct Config {
        /// Name of the bus.
        pub bus_name: String = "BUS_NAME",
        /// Queue for records that can never be published.
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
