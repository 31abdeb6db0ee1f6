//! The parameters in a route's path. `axum::extract::Path` is banned: it answers
//! with plain text.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use super::{Problem, problem::NOT_FOUND};
use crate::{
    id::{Id, Identified},
    text::Sku,
};

/// The parameters of a route, parsed: `Path<UserId>` for `/users/{user_id}`,
/// `Path<(UserId, SessionId)>` for one with two. A text that does not parse names no
/// resource: 404.
///
/// A type with another number of parameters than its route is a bug and answers 500,
/// so that no parameter is taken for another.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

/// A segment of a path that can be parsed.
pub trait Parameter: FromStr {
    /// Parses the decoded text of the segment.
    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<K: Identified> Parameter for Id<K> {}
impl Parameter for String {}

impl Parameter for Sku {}

/// The parameters of a path's type.
pub trait Parameters: Sized {
    /// Number of parameters.
    const COUNT: usize;

    /// Parses `COUNT` texts, in the order of the route.
    fn parse<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Self>;
}

impl<T: Parameter> Parameters for T {
    const COUNT: usize = 1;

    fn parse<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        T::of(texts.next()?)
    }
}

impl<A: Parameter, B: Parameter> Parameters for (A, B) {
    const COUNT: usize = 2;

    fn parse<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        Some((A::of(texts.next()?)?, B::of(texts.next()?)?))
    }
}

impl<T: Parameters, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters =
            RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::from(NOT_FOUND))?;
        let found = parameters.iter().count();
        if found != T::COUNT {
            return Err(Problem::internal(format!(
                "the route has {found} parameters, and its handler asks for {}",
                T::COUNT
            )));
        }
        T::parse(parameters.iter().map(|(_, text)| text)).map(Self).ok_or_else(|| NOT_FOUND.into())
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::HttpMethod::Get;

    use super::*;
    use crate::{
        http::testing::{get, route},
        id::{SessionId, UserId},
    };

    const USER: &str = "user_01h455vb4pex5vsknk084sn02q";
    const SESSION: &str = "sess_01h455vb4pex5vsknk084sn02q";

    async fn get_user(Path(_): Path<UserId>) {}
    async fn get_sku(Path(sku): Path<Sku>) -> String {
        format!("\"{sku}\"")
    }
    async fn get_session(Path((_, _)): Path<(UserId, SessionId)>) {}

    #[tokio::test]
    async fn a_path_of_several_parameters_is_parsed_in_their_order() {
        let router = route(&Get, "/users/{user_id}/sessions/{session_id}", get_session);
        let status = async |one: &str, other: &str| {
            get(&router, &format!("/users/{one}/sessions/{other}")).await.status
        };
        assert_eq!(status(USER, SESSION).await, 200);
        assert_eq!(status(SESSION, USER).await, 404);
        assert_eq!(status(USER, "nonsense").await, 404);
    }

    #[tokio::test]
    async fn a_path_is_decoded_once() {
        let router = route(&Get, "/stock/{sku}/buckets", get_sku);
        for (path, sku) in [
            ("TEA-1", "TEA-1"),
            ("A%2FB", "A/B"),
            ("A%2FB%3FC", "A/B?C"),
            ("A%252FB", "A%2FB"),
            ("A%25252FB", "A%252FB"),
            ("100%25", "100%"),
            ("100%", "100%"),
        ] {
            let answer = get(&router, &format!("/stock/{path}/buckets")).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, Some(sku)), "{path}");
        }
        assert_eq!(get(&router, "/stock/A%23/buckets").await.status, 404);
    }

    #[tokio::test]
    async fn parameters_that_the_route_lacks_are_an_internal_error() {
        let router = route(&Get, "/users/{user_id}/sessions/{session_id}", get_user);
        let answer = get(&router, &format!("/users/{USER}/sessions/{SESSION}")).await;
        assert_eq!(answer.code(), (500, "internal_error"));
        let cause = "the route has 2 parameters, and its handler asks for 1";
        assert_eq!(answer.cause.as_deref(), Some(cause));
    }
}
