//! Events: public happenings of organisations and of people.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `bound` | bounds of a range of time in queries |
//! | `access` | access of callers to an event |
//! | `body` | the event in requests |
//! | `view` | views of events and occurrences |
//! | `event` | the stored event |
//! | `schedule` | when an event takes place: rules, zones, exceptions |
//! | `transitions` | allowed transitions of an event: the one table |
//! | `categories` | the list of categories |
//! | `agenda` | listed events in memory, as search finds them |
//! | `writer` | changes by callers: read, judged and written |
//! | `store` | table operations |
//! | `reactions` | one function for each consumed event |
//! | `calendar` | events for calendars, search engines and feed readers |
//! | `happening` | events in the model of `calendar` |
//! | `formats` | media types |
//! | `sweep` | completion of past events, the age of the agenda's log |
//! | `rebuild` | rebuild of the agenda, for an operator |

mod access;
mod agenda;
mod body;
mod bound;
pub mod calendar;
mod categories;
pub mod event;
mod formats;
mod happening;
mod operations;
mod problems;
mod reactions;
mod rebuild;
mod routes;
pub mod schedule;
mod state;
mod store;
mod sweep;
mod transitions;
mod view;
mod writer;

pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use rebuild::rebuild_agenda;
pub use routes::{openapi, search_openapi};
use shared::{
    Environment, StartError,
    group::Group,
    http::{Service, TrustedProxy},
    lambda::{ScheduleHandler, SqsHandler, prime},
    table::Table,
};
pub use state::{Config, SearchConfig};
use state::{Events, Search};
pub use store::ENTITIES;
pub use sweep::{SCHEDULE, SweeperConfig};

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "events-api")?;
    let events = Events::new(group.clone());
    let service = group.serve(routes::router().with_state(events.clone()), events.verifier.prime()).await;
    // `events-search` lists events.
    Ok(service.with_methods_elsewhere("/api/v1/events", "GET,HEAD"))
}

/// The search.
pub async fn search(environment: Environment) -> Result<Service, StartError> {
    let (config, context) = environment.open::<SearchConfig>("events-search")?;
    let table = Table::new(&environment.aws, config.table_name, context.clone());
    let search = Search::new(table, config.public_url, context.clone());
    let router = routes::search_router().with_state(search.clone());
    prime(&context, async { search.agenda.fresh().await.map(drop) }).await;
    let proxy = TrustedProxy::new(&config.client_address_header, &config.proxy_secret);
    Ok(Service::new(router, context, config.allowed_origins).behind(proxy))
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("events-consumer")?;
    let listener = reactions::Listener::new(&environment.aws, config, context.clone());
    Ok(SqsHandler::new(context, listener))
}

/// The completion of past events.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn sweeper(environment: Environment) -> Result<ScheduleHandler, StartError> {
    let (config, context) = environment.open::<SweeperConfig>("events-sweeper")?;
    let sweeper = sweep::Sweeper::new(&environment.aws, config, context.clone());
    Ok(ScheduleHandler::new(context, "complete events", move || {
        let sweeper = sweeper.clone();
        async move { sweeper.sweep().await }
    }))
}
