//! Orders, and their stock.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `access` | access of callers to orders |
//! | `body` | parts of order requests |
//! | `view` | views of orders and stock |
//! | `order`, `offer`, `buyer` | entities |
//! | `stock` | changes of a stock |
//! | `transitions` | allowed transitions of an order: the one table |
//! | `placing` | placing of an order |
//! | `lifecycle` | transitions of an order |
//! | `plan` | prices, quantities and refusals, without a table |
//! | `store` | table operations |
//! | `sweep` | expiry of reservations |
//! | `evolution` | jobs over items of earlier releases |
//! | `export` | a person's orders, for that person |
//! | `reactions` | one function for each consumed event |

mod access;
mod body;
pub mod buyer;
mod evolution;
mod export;
pub mod lifecycle;
pub mod offer;
mod operations;
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

pub use evolution::JOBS;
pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use routes::openapi;
use shared::{
    Environment, StartError,
    group::Group,
    http::Service,
    lambda::{ScheduleHandler, SqsHandler},
};
pub use state::Config;
use state::Orders;
pub use store::ENTITIES;
pub use sweep::{SCHEDULE, SweeperConfig};

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "orders-api")?;
    let orders = Orders::new(group.clone());
    let service = group.serve(routes::router().with_state(orders.clone()), orders.verifier.prime()).await;
    // A SKU may have slashes.
    Ok(service.with_slashes("/api/v1/stock/", &["/adjustments", "/buckets"]))
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("orders-consumer")?;
    let replicas = reactions::Replicas::new(&environment.aws, config, context.clone());
    Ok(SqsHandler::new(context, replicas))
}

/// The expiry of reservations.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn sweeper(environment: Environment) -> Result<ScheduleHandler, StartError> {
    let (config, context) = environment.open::<SweeperConfig>("orders-sweeper")?;
    let sweeper = sweep::Sweeper::new(&environment.aws, config, context.clone());
    Ok(ScheduleHandler::new(context, "expire orders", move || {
        let sweeper = sweeper.clone();
        async move { sweeper.sweep().await }
    }))
}
