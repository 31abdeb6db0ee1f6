//! Errors as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems.

mod names;

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header::RETRY_AFTER};
use serde_json::{Map, Value, json};

pub use self::names::*;
use super::fields::{Faults, FieldFault};
use crate::Failure;

/// A problem's code with its only status and its only title: a constant each, in
/// [`problem`](crate::http::problem) or in the `problems` module of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// HTTP status.
    pub status: u16,
    /// Stable text in `snake_case`, for programs.
    pub code: &'static str,
    /// Sentence for people; the same for every occurrence.
    pub title: &'static str,
    /// Sentences for the page of problems: when the problem occurs.
    pub cause: &'static str,
    /// Sentences for the page of problems: what the caller can do.
    pub remedy: &'static str,
}

impl Named {
    /// Joins a status, a code and a title.
    pub const fn new(status: u16, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, cause: "", remedy: "" }
    }

    /// Adds the entry on the page of problems. A test holds that each problem of the
    /// platform has one.
    #[must_use]
    pub const fn explained(self, cause: &'static str, remedy: &'static str) -> Self {
        Self { cause, remedy, ..self }
    }
}

/// An error reply, and the cause that is only logged.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Status, code and title.
    pub named: Named,
    /// Sentence for people about this occurrence.
    pub detail: Option<String>,
    /// Faults of single fields.
    pub errors: Vec<FieldFault>,
    /// Further members for programs (RFC 9457, 3.2).
    pub members: Map<String, Value>,
    /// Headers that belong to the status.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Cause, for the log.
    pub cause: Option<String>,
}

impl From<Named> for Problem {
    fn from(named: Named) -> Self {
        Self {
            named,
            detail: None,
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }
    }
}

impl Problem {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.named.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Adds a sentence about this occurrence.
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

    /// 500 with its cause.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::from(INTERNAL_ERROR).cause(cause)
    }

    /// 503 with its cause; the caller may retry after a second.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self::from(UNAVAILABLE).header(RETRY_AFTER, HeaderValue::from_static("1")).cause(cause)
    }

    /// The body of the reply to a request.
    pub(super) fn body(&self, request_id: &str, path: &str) -> Vec<u8> {
        let Named { status, code, title, .. } = self.named;
        let mut body = json!({
            "type": type_of(code),
            "title": title,
            "status": status,
            "code": code,
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

/// Greatest age of the last password check that counts as recent (RFC 9470's
/// `max_age`).
pub const RECENT: Duration = Duration::from_mins(5);

/// A problem's `type`: a path, which the URL of the request makes absolute
/// (RFC 9457, 3.1.1). So no function has to know the public URL.
pub(super) fn type_of(code: &str) -> String {
    format!("/problems/{code}")
}

/// The middleware makes the body, since only it knows the request id: a problem
/// travels there as an extension of an empty response.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
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

/// A value that explains a refusal, and the problem that it becomes: the payload of
/// a line of [`problems!`](crate::problems).
pub trait Refusal {
    /// Status, code and title.
    const NAMED: Named;

    /// Adds detail, members and headers.
    fn explain(self, problem: Problem) -> Problem;

    /// JSON Schemas of the members that [`explain`](Self::explain) adds, by name.
    fn members() -> Value {
        json!({})
    }
}

impl Refusal for Faults {
    const NAMED: Named = INVALID_FIELDS;

    fn explain(self, mut problem: Problem) -> Problem {
        problem.errors = self.into_list();
        problem
    }

    fn members() -> Value {
        json!({
            "errors": {
                "type": "array",
                "description": "With `invalid_fields`: all faults of all fields.",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": {
                            "type": "string",
                            "description": "JSON pointer (RFC 6901) to the field.",
                            "examples": ["/email"],
                        },
                        "code": { "type": "string" },
                        "detail": { "type": "string" },
                    },
                },
            },
        })
    }
}

/// A limit that is used up, and when it allows the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    /// Seconds until the next attempt is allowed.
    pub retry_after_seconds: u64,
    /// Attempts that the limit allows in its window.
    pub limit: u32,
    /// Attempts that are left.
    pub remaining: u32,
    /// Seconds until the window ends.
    pub reset_seconds: u64,
}

/// `Retry-After` (RFC 9110, 10.2.3) and the fields of
/// draft-ietf-httpapi-ratelimit-headers-06, which clients know.
impl Refusal for Limited {
    const NAMED: Named = TOO_MANY_ATTEMPTS;

    fn explain(self, problem: Problem) -> Problem {
        problem
            .header(RETRY_AFTER, self.retry_after_seconds.into())
            .header(HeaderName::from_static("ratelimit-limit"), self.limit.into())
            .header(HeaderName::from_static("ratelimit-remaining"), self.remaining.into())
            .header(HeaderName::from_static("ratelimit-reset"), self.reset_seconds.into())
    }
}

/// The errors of an endpoint, made by [`problems!`](crate::problems).
pub trait Problems: From<Failure> {
    /// True for a failure, false for a refusal.
    fn is_failure(&self) -> bool;
}

/// Declares the errors of an endpoint: each line gives the reply and its
/// documentation. A line names a problem (`=> NAME`), or has a payload that knows
/// its own ([`Refusal`]) and that `?` turns into the error. `Failed` is added to
/// each.
///
/// ```
/// use shared::http::problem::{Named, Problem};
///
/// const LAMP_BROKEN: Named = Named::new(409, "lamp_broken", "The lamp is broken.");
///
/// shared::problems! {
///     /// Errors of switching a lamp on.
///     pub enum LightError {
///         Broken => LAMP_BROKEN,
///         Invalid(shared::http::Faults),
///     }
/// }
///
/// assert_eq!(Problem::from(LightError::Broken).named, LAMP_BROKEN);
/// ```
#[macro_export]
macro_rules! problems {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($variant:ident $(($payload:ty))? $(=> $named:path)?),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[allow(missing_docs, reason = "the title of each problem says what it is")]
        $vis enum $name {
            $($variant $(($payload))?,)+
            Failed($crate::Failure),
        }

        impl From<$crate::Failure> for $name {
            fn from(failure: $crate::Failure) -> Self {
                Self::Failed(failure)
            }
        }

        impl<E> From<$crate::Refused<E>> for $name
        where
            $name: From<E>,
        {
            fn from(refused: $crate::Refused<E>) -> Self {
                match refused {
                    $crate::Refused::By(refusal) => refusal.into(),
                    $crate::Refused::Failed(failure) => Self::Failed(failure),
                }
            }
        }

        $($(
            impl From<$payload> for $name {
                fn from(payload: $payload) -> Self {
                    Self::$variant(payload)
                }
            }
        )?)+

        impl From<$name> for $crate::http::Problem {
            fn from(error: $name) -> Self {
                match error {
                    $($crate::problems!(@pattern $name $variant payload $(($payload))?) =>
                        $crate::problems!(@problem payload $(($payload))? $(=> $named)?),)+
                    $name::Failed(failure) => failure.into(),
                }
            }
        }

        impl $crate::http::problem::Problems for $name {
            fn is_failure(&self) -> bool {
                matches!(self, Self::Failed(_))
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
                $crate::http::documents::problem_responses(vec![
                    $($crate::problems!(@documented $(($payload))? $(=> $named)?)),+
                ])
            }
        }
    };
    (@pattern $name:ident $variant:ident $binding:ident) => { $name::$variant };
    (@pattern $name:ident $variant:ident $binding:ident ($payload:ty)) => { $name::$variant($binding) };
    (@problem $binding:ident => $named:path) => { $crate::http::Problem::from($named) };
    (@problem $binding:ident ($payload:ty)) => {
        $crate::http::problem::Refusal::explain(
            $binding,
            <$payload as $crate::http::problem::Refusal>::NAMED.into(),
        )
    };
    (@documented => $named:path) => { ($named, $crate::expansion::serde_json::json!({})) };
    (@documented ($payload:ty)) => {
        (
            <$payload as $crate::http::problem::Refusal>::NAMED,
            <$payload as $crate::http::problem::Refusal>::members(),
        )
    };
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::HttpMethod;

    use super::*;
    use crate::Refused;
    use crate::http::testing::{get, route};

    const LAMP_BROKEN: Named = Named::new(409, "lamp_broken", "The lamp is broken.");

    crate::problems! {
        /// Errors of switching a lamp on.
        enum LightError {
            Broken => LAMP_BROKEN,
            TooOften(Limited),
        }
    }

    #[tokio::test]
    async fn a_limit_says_when_to_come_again() {
        let limited = Limited { retry_after_seconds: 12, limit: 5, remaining: 0, reset_seconds: 60 };
        let light = async move || Err::<(), LightError>(limited.into());
        let answer = get(&route(&HttpMethod::Get, "/light", light), "/light").await;
        assert_eq!(answer.code(), (429, "too_many_attempts"));
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
    fn a_step_is_refused_as_its_endpoint_is_and_fails_as_it_fails() {
        let limited = Limited { retry_after_seconds: 1, limit: 1, remaining: 0, reset_seconds: 1 };
        let refused = LightError::from(Refused::By(limited));
        assert!(!refused.is_failure() && !LightError::Broken.is_failure());
        assert_eq!(Problem::from(refused).named, TOO_MANY_ATTEMPTS);
        let failed = LightError::from(Refused::<Limited>::Failed(Failure::internal("x")));
        assert!(failed.is_failure());
        assert_eq!(Problem::from(failed).named, INTERNAL_ERROR);
    }
}
