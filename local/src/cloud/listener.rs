//! The second transport: HTTP, for functions in other processes
//! (`cargo lambda watch`) and for the AWS CLI.

use axum::body::{Body, to_bytes};
use http::{Request, Response, StatusCode};

use super::Cloud;

/// The largest supported AWS call is a transaction of 4 MB, and JSON makes it larger.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Answers a request with [`Cloud::call`].
pub(crate) async fn answer(cloud: &Cloud, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return response;
    };
    cloud.call(Request::from_parts(parts, body)).await.map(Body::from)
}
