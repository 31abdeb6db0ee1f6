//! The parameter in a route's path. `axum::extract::Path` is banned: it answers
//! with plain text.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use super::Problem;

/// The one parameter of a route such as `/things/{thing_id}`, parsed. A text
/// that is none of the kind names nothing that exists: 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters =
            RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        let parsed = parameters.iter().next().and_then(|(_, text)| text.parse().ok());
        parsed.map(Self).ok_or_else(Problem::not_found)
    }
}
