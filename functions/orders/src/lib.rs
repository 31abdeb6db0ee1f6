//! Orders, and the stock that they are made of.
//!
//! | module | what it holds |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | what the handlers share |
//! | `access` | whose order a request may be about |
//! | `body` | what stands in the bodies of orders |
//! | `view` | what callers see |
//! | `order`, `offer`, `buyer` | what is kept |
//! | `stock` | how a stock changes |
//! | `transitions` | what an order may become: the one table |
//! | `placing` | how it begins |
//! | `lifecycle` | how it becomes what it may |
//! | `plan` | prices, quantities and refusals, without a table |
//! | `store` | how the group uses the table |
//! | `sweep` | the end of reservations |
//! | `export` | a person's orders, for that person |
//! | `reactions` | one function an event listened to |

mod access;
mod body;
pub mod buyer;
mod export;
pub mod lifecycle;
pub mod offer;
pub mod order;
pub mod placing;
pub mod plan;
mod problems;
mod reactions;
mod routes;
pub mod state;
pub mod stock;
pub mod store;
mod sweep;
pub mod transitions;
mod view;

pub use export::OPERATIONS as CONSUMER_OPERATIONS;
pub use reactions::{ConsumerConfig, LISTENS_TO};
pub use routes::openapi;
use shared::{
    Environment, StartError,
    group::Group,
    http::Service,
    lambda::{ScheduleHandler, SqsHandler},
};
pub use state::Config;
use state::Orders;
pub use store::{ENTITIES, OPERATIONS};
pub use sweep::{SCHEDULE, SweeperConfig};

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "orders-api")?;
    let orders = Orders::new(group.clone());
    let service = group.serve(routes::router().with_state(orders.clone()), orders.verifier.prime()).await;
    // A SKU may have slashes.
    Ok(service.with_slashes("/api/v1/stock/", &["/adjustments", "/buckets"]))
}

/// The group's listener.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("orders-consumer")?;
    let replicas = reactions::Replicas::new(&environment.aws, config, context.clone());
    Ok(SqsHandler::new(context, replicas))
}

/// What ends reservations.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn sweeper(environment: Environment) -> Result<ScheduleHandler, StartError> {
    let (config, context) = environment.open::<SweeperConfig>("orders-sweeper")?;
    let sweeper = sweep::Sweeper::new(&environment.aws, config, context.clone());
    Ok(ScheduleHandler::new(context, "expire orders", move || {
        let sweeper = sweeper.clone();
        async move { sweeper.sweep().await }
    }))
}
