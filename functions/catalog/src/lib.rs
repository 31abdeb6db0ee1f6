//! The catalogue: products, and the category tree.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `access` | access of callers to the products of a seller |
//! | `product`, `product_request` | a product; the request of a POST, PUT or PATCH |
//! | `rows`, `words` | a product's further rows in lists; texts as searches compare them |
//! | `category` | a category, without its place in the tree |
//! | [`tree`] | the category tree: its log, its snapshots, its order |
//! | `writer` | product writes of requests and imports |
//! | `entities` | entities of the group |
//! | `evolution` | jobs over items of earlier releases |
//! | `store`, `lists`, `operations` | table access and its cost |
//! | [`cache`] | short-lived copies in a warm function |
//! | `imports` | products from a file |
//! | `reactions` | one function for each consumed event |

mod access;
pub mod cache;
mod category;
mod entities;
mod evolution;
mod imports;
mod lists;
mod operations;
mod problems;
mod product;
mod product_request;
mod reactions;
mod routes;
mod rows;
mod state;
mod store;
pub mod tree;
mod words;
mod writer;

pub use entities::ENTITIES;
pub use evolution::JOBS;
pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
use state::Catalog;
pub use state::Config;

/// Maximum size of an import: that of a call to a function.
pub(crate) const UPLOAD_BYTES: usize = 4 * 1024 * 1024;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "catalog-api")?;
    let catalog = Catalog::new(group.clone());
    let service = group.serve(routes::router().with_state(catalog.clone()), catalog.verifier.prime()).await;
    Ok(service.with_uploads(UPLOAD_BYTES))
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("catalog-consumer")?;
    let reactions = reactions::Listener::new(&environment.aws, &config, context.clone());
    Ok(SqsHandler::new(context, reactions))
}
