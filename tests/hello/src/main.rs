//! The least that a function on `lambda_http` can be: no state, no AWS, one
//! answer. What a function of ours takes longer to start than this is ours to
//! answer for. It links nothing of Agora, and runs on one thread as ours do.

use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(async |_: Request| Ok::<_, Error>("hello"))).await
}
