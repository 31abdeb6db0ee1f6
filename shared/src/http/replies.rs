//! Replies whose type is their status, so that the documents cannot differ from the
//! code.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{RefOr, Response as ResponseDocument},
};

use super::{Problem, documents, preconditions::tagged};

/// 200 with a JSON body.
#[derive(Debug)]
pub struct Reply<T>(pub T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl<T: ToSchema> IntoResponses for Reply<T> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::success_response::<T>(StatusCode::OK)
    }
}

/// 200 with a JSON body that is the same for everyone and may be cached. A body
/// without a version has a hash of it as its `ETag`.
#[derive(Debug)]
pub struct PublicReply<T> {
    /// The body.
    pub body: T,
    /// Seconds for which shared caches may keep the body; `None`: the body was made
    /// for the caller, and only the caller may keep it.
    pub max_age_seconds: Option<u32>,
}

impl<T: Serialize> IntoResponse for PublicReply<T> {
    fn into_response(self) -> Response {
        let bytes = match serde_json::to_vec(&self.body) {
            Ok(bytes) => bytes,
            Err(error) => return Problem::internal(error.to_string()).into_response(),
        };
        let hash = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, &bytes));
        let response = (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], bytes).into_response();
        // 96 bits: two bodies do not share a tag by accident.
        let mut response = tagged(response, &hash[..16]);
        let cache = match self.max_age_seconds {
            Some(seconds) => format!("public, max-age={seconds}"),
            None => "private, no-cache".to_owned(),
        };
        if let Ok(value) = HeaderValue::try_from(cache) {
            response.headers_mut().insert(header::CACHE_CONTROL, value);
            // A request with a token must not get a shared cache's anonymous copy.
            response.headers_mut().append(header::VARY, HeaderValue::from_static("authorization"));
        }
        response
    }
}

impl<T: ToSchema> IntoResponses for PublicReply<T> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        let responses = documents::success_response::<T>(StatusCode::OK);
        documents::with_header(responses, "ETag", "Hash of the body, in quotes.")
    }
}

/// 204 without a body.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl IntoResponses for NoContent {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::empty_response(StatusCode::NO_CONTENT)
    }
}

/// Reply to a request whose outcome is not disclosed.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Accepted {
    /// Always `accepted`.
    status: AcceptedStatus,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AcceptedStatus {
    #[default]
    Accepted,
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        json(StatusCode::ACCEPTED, &self)
    }
}

impl IntoResponses for Accepted {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::success_response::<Self>(StatusCode::ACCEPTED)
    }
}

/// 202 with a job that has begun and its location.
#[derive(Debug)]
pub struct AcceptedAt<T> {
    /// Path of the job.
    pub location: String,
    /// The job as it is now.
    pub body: T,
}

impl<T: Serialize> IntoResponse for AcceptedAt<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::ACCEPTED, &self.body);
        if let Ok(location) = HeaderValue::try_from(self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

impl<T: ToSchema> IntoResponses for AcceptedAt<T> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::success_response::<T>(StatusCode::ACCEPTED)
    }
}

/// One of two replies of different statuses.
#[derive(Debug)]
pub enum Either<A, B> {
    /// The first reply.
    First(A),
    /// The second reply.
    Second(B),
}

impl<A: IntoResponse, B: IntoResponse> IntoResponse for Either<A, B> {
    fn into_response(self) -> Response {
        match self {
            Self::First(reply) => reply.into_response(),
            Self::Second(reply) => reply.into_response(),
        }
    }
}

impl<A: IntoResponses, B: IntoResponses> IntoResponses for Either<A, B> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        A::responses().into_iter().chain(B::responses()).collect()
    }
}

/// 201 with the created resource and its location.
#[derive(Debug)]
pub struct Created<T> {
    /// Path of the created resource.
    pub location: String,
    /// The created resource.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::CREATED, &self.body);
        if let Ok(location) = HeaderValue::try_from(self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

impl<T: ToSchema> IntoResponses for Created<T> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::success_response::<T>(StatusCode::CREATED)
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

/// Health of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(examples("ok"))]
    status: &'static str,
    /// Version of the platform.
    #[schema(examples("0.1.0"))]
    version: &'static str,
}

impl Default for Health {
    fn default() -> Self {
        Self { status: "ok", version: env!("CARGO_PKG_VERSION") }
    }
}
