//! The minimal function on `lambda_http`: no state, no AWS, one answer. The start
//! time of Agora's functions is measured as the difference to it. It links nothing of
//! Agora, and runs on one thread as its functions do.

use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(async |_: Request| Ok::<_, Error>("hello"))).await
}
