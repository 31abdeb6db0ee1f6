//! Errors as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems: what
//! the caller may know, and apart from it what the log must.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header::RETRY_AFTER};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::fields::{Faults, FieldFault};
use crate::Failure;

/// What a caller is told in place of what was asked for, and what is told to
/// the log alone.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable and in `snake_case`, for programs.
    pub code: &'static str,
    /// For people; the same for every occurrence of the code.
    pub title: &'static str,
    /// For people, of this occurrence.
    pub detail: Option<String>,
    /// What is wrong with which field.
    pub errors: Vec<FieldFault>,
    /// What else programs may want to know (RFC 9457, 3.2).
    pub members: Map<String, Value>,
    /// Headers that belong to the status.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The cause, for the log.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem with nothing but what every one has.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
            detail: None,
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// Adds what people may want to know of this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a member for programs.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds the cause for the log.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// 500: we are wrong.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong on our side.")
            .cause(cause)
    }

    /// 503: try again.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot answer just now.")
            .header(RETRY_AFTER, HeaderValue::from_static("1"))
            .cause(cause)
    }

    /// 404: no such path, or nothing that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, NOT_FOUND.0, NOT_FOUND.1)
    }

    /// 401: there is no token.
    pub fn authentication_required() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_required", "This needs an access token.")
    }

    /// 401: there is one, but it is not valid.
    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", "The access token is not valid.")
    }

    /// 401: the token is good, but its owner must show the password anew
    /// (RFC 9470).
    pub fn insufficient_user_authentication() -> Self {
        let (code, title) = INSUFFICIENT_AUTHENTICATION;
        Self::new(StatusCode::UNAUTHORIZED, code, title)
    }

    /// 403: the caller is known, and may not do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, FORBIDDEN.0, FORBIDDEN.1)
    }

    /// The body, once it is known which request it answers.
    pub(super) fn body(&self, request_id: &str, path: &str) -> Vec<u8> {
        let mut body = json!({
            "type": type_of(self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
            "instance": path,
            "request_id": request_id,
        });
        if let Some(detail) = &self.detail {
            body["detail"] = Value::from(detail.as_str());
        }
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        for (name, value) in &self.members {
            body[name] = value.clone();
        }
        body.to_string().into_bytes()
    }
}

/// Age of the last authentication by password up to which it is recent (RFC 9470's
/// `max_age`).
pub const RECENT: Duration = Duration::from_mins(5);

/// A problem's `type`: a path, which the URL that was asked for makes absolute
/// (RFC 9457, 3.1.1). So no function has to know where it is reached.
pub(super) fn type_of(code: &str) -> String {
    format!("/problems/{code}")
}

/// Codes and titles that the documents say of every route of a kind: one whose
/// path names a thing,
pub(super) const NOT_FOUND: (&str, &str) = ("not_found", "There is nothing here.");
/// one that wants a permission,
pub(super) const FORBIDDEN: (&str, &str) = ("forbidden", "This account may not do this.");
/// and one that wants a recent password.
pub(super) const INSUFFICIENT_AUTHENTICATION: (&str, &str) = (
    "insufficient_user_authentication",
    "This needs the password to have been shown within the last five minutes.",
);

/// A request whose `Idempotency-Key` is none.
pub(super) const INVALID_KEY: (&str, &str) =
    ("invalid_idempotency_key", "The Idempotency-Key must be 1 to 255 visible ASCII characters.");

/// The body is made by the middleware, which alone knows the request's id: a
/// problem travels there as an extension of an empty response.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(cause) => Self::unavailable(cause),
            Failure::Internal(cause) => Self::internal(cause),
        }
    }
}

/// A value that a variant of `problems!` may carry into its problem.
pub trait Attach {
    /// Adds what it has to say.
    fn attach(self, problem: Problem) -> Problem;
}

impl Attach for Faults {
    fn attach(self, mut problem: Problem) -> Problem {
        problem.errors = self.into_list();
        problem
    }
}

/// That there was too much of something lately: how much there may be, and when
/// again. A 429 carries it, as `TooMany(Limited) => 429 too_many_attempts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    /// Seconds until the next one may come.
    pub retry_after_seconds: u64,
    /// How many may come in the limit's time.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// Seconds until the limit's time is over.
    pub reset_seconds: u64,
}

/// `Retry-After` (RFC 9110, 10.2.3) and the fields of
/// draft-ietf-httpapi-ratelimit-headers-06, which clients know.
impl Attach for Limited {
    fn attach(self, problem: Problem) -> Problem {
        problem
            .header(RETRY_AFTER, self.retry_after_seconds.into())
            .header(HeaderName::from_static("ratelimit-limit"), self.limit.into())
            .header(HeaderName::from_static("ratelimit-remaining"), self.remaining.into())
            .header(HeaderName::from_static("ratelimit-reset"), self.reset_seconds.into())
    }
}

/// A problem as the documents show it.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentedProblem {
    /// The HTTP status.
    pub status: u16,
    /// See [`Problem::code`].
    pub code: &'static str,
    /// See [`Problem::title`].
    pub title: &'static str,
}

/// Declares what an endpoint refuses: one line gives the reply, its code and
/// its documentation; a variant's comment, on one line or several, is the
/// problem's title. A variant may carry a value that says more ([`Attach`]), and
/// with `#[from]` is what `?` makes of that value; `Failed`, which is nobody's
/// fault, is added to each.
///
/// ```
/// shared::problems! {
///     /// Why a lamp is not lit.
///     pub enum LightError {
///         /// The lamp is broken.
///         Broken => 409 lamp_broken,
///         /// One or more fields are not valid.
///         Invalid(#[from] shared::http::Faults) => 422 invalid_fields,
///     }
/// }
/// ```
///
/// A variant without a comment does not compile, and the error names it:
///
/// ```compile_fail
/// shared::problems! {
///     /// Why a lamp is not lit.
///     pub enum LightError {
///         Broken => 409 lamp_broken,
///     }
/// }
/// ```
#[macro_export]
macro_rules! problems {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $title:literal])* $variant:ident
                $(($(#[$from:ident])? $payload:ty))? => $status:literal $code:ident),+ $(,)?
        }
    ) => {
        $($crate::problems!(@titled $variant $($title)*);)+
        $($($($crate::problems!(@$from $name $variant $payload);)?)?)+

        $(#[$meta])*
        #[derive(Debug)]
        $vis enum $name {
            $($(#[doc = $title])* $variant $(($payload))?,)+
            /// Nobody's fault out there.
            Failed($crate::Failure),
        }

        impl From<$crate::Failure> for $name {
            fn from(failure: $crate::Failure) -> Self {
                Self::Failed(failure)
            }
        }

        impl From<$name> for $crate::http::Problem {
            fn from(error: $name) -> Self {
                match error {
                    $($crate::problems!(@pattern $name $variant payload $(($payload))?) =>
                        $crate::problems!(@problem $status, $code, [$($title),*], payload $(($payload))?),)+
                    $name::Failed(failure) => failure.into(),
                }
            }
        }

        impl $crate::expansion::axum::response::IntoResponse for $name {
            fn into_response(self) -> $crate::expansion::axum::response::Response {
                $crate::http::Problem::from(self).into_response()
            }
        }

        impl $crate::expansion::utoipa::IntoResponses for $name {
            fn responses() -> ::std::collections::BTreeMap<
                String,
                $crate::expansion::utoipa::openapi::RefOr<$crate::expansion::utoipa::openapi::Response>,
            > {
                $crate::http::documents::problem_responses(&[
                    $($crate::http::problem::DocumentedProblem {
                        status: $status,
                        code: stringify!($code),
                        title: concat!($($title),*).trim_ascii(),
                    }),+
                ])
            }
        }
    };
    (@titled $variant:ident) => {
        compile_error!(concat!(
            "`", stringify!($variant), "` needs a `///` comment: it is the problem's title",
        ));
    };
    (@titled $variant:ident $($title:literal)+) => {};
    (@from $name:ident $variant:ident $payload:ty) => {
        impl From<$payload> for $name {
            fn from(payload: $payload) -> Self {
                Self::$variant(payload)
            }
        }
    };
    (@pattern $name:ident $variant:ident $payload_name:ident) => { $name::$variant };
    (@pattern $name:ident $variant:ident $payload_name:ident ($payload:ty)) => { $name::$variant($payload_name) };
    (@problem $status:literal, $code:ident, [$($title:literal),*], $payload_name:ident) => {
        $crate::http::problem::declared($status, stringify!($code), concat!($($title),*).trim_ascii())
    };
    (@problem $status:literal, $code:ident, [$($title:literal),*], $payload_name:ident ($payload:ty)) => {
        $crate::http::problem::Attach::attach(
            $payload_name,
            $crate::http::problem::declared($status, stringify!($code), concat!($($title),*).trim_ascii()),
        )
    };
}

/// The problem of a line of `problems!`.
#[doc(hidden)]
pub fn declared(status: u16, code: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), code, title)
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::HttpMethod;

    use super::*;
    use crate::http::testing::{get, route};

    crate::problems! {
        /// Why a lamp is not lit.
        enum LightError {
            /// The lamp is broken, and
            /// nobody has mended it.
            Broken => 409 lamp_broken,
            /// It was lit too often: wait.
            TooOften(#[from] Limited) => 429 lit_too_often,
        }
    }

    #[tokio::test]
    async fn a_limit_says_when_to_come_again() {
        let limited = Limited { retry_after_seconds: 12, limit: 5, remaining: 0, reset_seconds: 60 };
        let light = async move || Err::<(), LightError>(limited.into());
        let answer = get(&route(&HttpMethod::Get, "/light", light), "/light").await;
        assert_eq!(answer.code(), (429, "lit_too_often"));
        for (name, value) in [
            ("retry-after", "12"),
            ("ratelimit-limit", "5"),
            ("ratelimit-remaining", "0"),
            ("ratelimit-reset", "60"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
    }

    #[test]
    fn the_documents_of_a_limit_name_its_headers() {
        let documents = serde_json::json!(<LightError as utoipa::IntoResponses>::responses());
        let headers: Vec<_> = documents["429"]["headers"].as_object().unwrap().keys().cloned().collect();
        let names = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"];
        assert_eq!(headers, names);
        assert_eq!(documents["409"].get("headers"), None);
    }

    #[test]
    fn the_lines_of_a_comment_are_one_title() {
        assert_eq!(Problem::from(LightError::Broken).title, "The lamp is broken, and nobody has mended it.");
    }
}
