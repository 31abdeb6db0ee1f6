//! The functions: from the logical id in `template.yaml` to the entry point in
//! its crate. The one list; a test holds it equal to the template.

use futures::{FutureExt as _, TryFutureExt as _, future::BoxFuture};
use shared::{
    Environment, StartError,
    http::Service,
    lambda::{SqsHandler, StreamHandler},
};

/// A function that has been started, by what wakes it.
#[derive(Clone)]
pub enum Handler {
    /// Requests.
    Http(Service),
    /// Messages of a queue.
    Queue(SqsHandler),
    /// Records of the table's stream.
    Stream(StreamHandler),
}

type Start = fn(Environment) -> BoxFuture<'static, Result<Handler, StartError>>;

const FUNCTIONS: [(&str, Start); 4] = [
    ("AuthApi", |environment| auth::api(environment).map_ok(Handler::Http).boxed()),
    ("Notifications", |environment| notifications::consumer(environment).map_ok(Handler::Queue).boxed()),
    ("Publisher", |environment| publisher::publisher(environment).map_ok(Handler::Stream).boxed()),
    ("Web", |environment| web::api(environment).map_ok(Handler::Http).boxed()),
];

/// The logical ids of all functions.
pub fn logical_ids() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.into_iter().map(|(id, _)| id)
}

/// Starts the function with this logical id; `None` if there is none.
pub(crate) fn start(
    id: &str,
    environment: Environment,
) -> Option<BoxFuture<'static, Result<Handler, StartError>>> {
    let (_, start) = FUNCTIONS.into_iter().find(|(known, _)| *known == id)?;
    Some(start(environment))
}
