//! The catalogue: products, and the tree of categories that they stand in.
//!
//! | module | what it holds |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | what the handlers share |
//! | `product`, `product_request` | a product; what a POST, PUT or PATCH makes of one |
//! | `rows`, `words` | its further places in lists; texts as searches compare them |
//! | `category` | a category, but for its place |
//! | [`tree`] | the tree of categories: its log, its snapshots, its order |
//! | `writer` | how products are written, by requests and imports |
//! | `entities` | what the group keeps |
//! | `store`, `lists`, `operations` | how the group uses the table, and what that may cost |
//! | [`cache`] | what a warm function remembers |
//! | `imports` | products from a file |
//! | `reactions` | one function an event listened to |

pub mod cache;
mod category;
mod entities;
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
pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, LISTENS_TO};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
use state::Catalog;
pub use state::Config;

/// What an import may have: what a call to a function may.
pub(crate) const UPLOAD_BYTES: usize = 4 * 1024 * 1024;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "catalog-api")?;
    let catalog = Catalog::new(group.clone());
    let service = group.serve(routes::router().with_state(catalog.clone()), catalog.verifier.prime()).await;
    Ok(service.with_uploads(UPLOAD_BYTES))
}

/// The group's listener.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("catalog-consumer")?;
    let reactions = reactions::Listener::new(&environment.aws, &config, context.clone());
    Ok(SqsHandler::new(context, reactions))
}
