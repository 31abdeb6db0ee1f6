//! A body that is larger than usual and no JSON object.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use http::header;

use super::{
    Problem,
    json::{reject_compressed, too_large},
    problem::UNSUPPORTED_MEDIA_TYPE,
};

/// A body of up to `LIMIT` bytes with its media type. 413 for a larger one, 415 for a
/// compressed one. [`Service::with_uploads`](super::Service::with_uploads) lets it
/// through.
#[derive(Debug)]
pub struct Upload<const LIMIT: usize> {
    /// The media type, in lower case and without its parameters.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl<const LIMIT: usize> Upload<LIMIT> {
    /// 415, for a media type that the route does not take.
    pub fn unsupported(detail: &str) -> Problem {
        Problem::from(UNSUPPORTED_MEDIA_TYPE).detail(detail)
    }
}

impl<const LIMIT: usize, S: Send + Sync> FromRequest<S> for Upload<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        reject_compressed(request.headers())?;
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let bytes = to_bytes(request.into_body(), LIMIT).await.map_err(|_| too_large())?;
        Ok(Self { media_type, bytes })
    }
}
