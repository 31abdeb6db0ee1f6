//! Conditional requests (RFC 9110, 13): an `ETag` is a resource's version; 304 for a
//! version that the caller already has, 412 for a change of another version.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as ResponseDocument},
};

use super::{
    Problem, documents,
    problem::{Named, Refusal, STALE_VERSION},
};

/// A reply that shows a resource at a version, which becomes its `ETag`:
/// `Versioned(user.version, Reply(view))`, `Versioned(1, Created { … })`.
///
/// The middleware answers 304 in its place to a GET whose `If-None-Match` has that
/// tag.
#[derive(Debug)]
pub struct Versioned<R>(pub u64, pub R);

impl<R: IntoResponse> IntoResponse for Versioned<R> {
    fn into_response(self) -> Response {
        tagged(self.1.into_response(), &self.0.to_string())
    }
}

/// A reply that shows a resource together with others, such as its ancestors: its
/// `ETag` has the resource's version and a text for the state of the whole,
/// `"7-1234"`. A write is compared with the resource's own version only.
#[derive(Debug)]
pub struct VersionedWithin<R> {
    /// Version of the resource.
    pub version: u64,
    /// Text that identifies the state of everything shown; `None` if only the
    /// resource itself is shown.
    pub whole: Option<String>,
    /// The reply.
    pub reply: R,
}

impl<R: IntoResponse> IntoResponse for VersionedWithin<R> {
    fn into_response(self) -> Response {
        let opaque = match &self.whole {
            Some(whole) => format!("{}-{whole}", self.version),
            None => self.version.to_string(),
        };
        tagged(self.reply.into_response(), &opaque)
    }
}

impl<R: IntoResponses> IntoResponses for VersionedWithin<R> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        let description = "`version` of the resource, in quotes; with a hyphen and the state of the embedded resources, if there are any.";
        documents::with_header(R::responses(), "ETag", description)
    }
}

/// Sets the `ETag` of a response.
pub(super) fn tagged(mut response: Response, opaque: &str) -> Response {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{opaque}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

impl<R: IntoResponses> IntoResponses for Versioned<R> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::with_header(R::responses(), "ETag", "`version` of the resource, in quotes.")
    }
}

/// The versions that a PUT, PATCH, DELETE or command may change: those that
/// `If-Match` names, or any without `If-Match`; never those that `If-None-Match`
/// names (RFC 9110, 13.1.2).
///
/// ```text
/// let user = store.get_user(id).await?.ok_or(UpdateUserError::NotFound)?;
/// if_match.check(user.version)?;
/// ```
#[derive(Debug, Clone)]
pub struct IfMatch {
    matching: Option<Tags>,
    none_of: Option<Tags>,
}

impl IfMatch {
    /// Refuses a version that `If-Match` does not name or `If-None-Match` names.
    pub fn check(&self, version: u64) -> Result<(), Stale> {
        let version = version.to_string();
        let own = |tag: &Tag| tag.opaque.split('-').next() == Some(&version);
        let is_known = match &self.matching {
            None | Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|tag| !tag.weak && own(tag)),
        };
        let is_excluded = match &self.none_of {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(own),
        };
        if is_excluded {
            Err(Stale::Excluded)
        } else if is_known {
            Ok(())
        } else {
            Err(Stale::Changed)
        }
    }

    /// True if the caller names versions: such a write is stale once another one has
    /// overtaken it, and may be retried otherwise.
    pub fn is_given(&self) -> bool {
        self.matching.is_some() || self.none_of.is_some()
    }

    /// Refuses tags for a resource that exists without a version: no tag can match
    /// it.
    pub fn check_unversioned(&self) -> Result<(), Stale> {
        match (&self.matching, &self.none_of) {
            (_, Some(Tags::Any)) => Err(Stale::Excluded),
            (Some(Tags::These(_)), _) => Err(Stale::Changed),
            (None | Some(Tags::Any), None | Some(Tags::These(_))) => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let of = |name| Tags::of(&parts.headers, name);
        Ok(Self { matching: of(&header::IF_MATCH), none_of: of(&header::IF_NONE_MATCH) })
    }
}

/// Tags of the copies that the caller has, for a reply that is expensive to make: the
/// middleware answers 304 by itself.
#[derive(Debug, Clone)]
pub struct IfNoneMatch(Option<Tags>);

impl IfNoneMatch {
    /// True if the caller has the copy with this tag.
    pub fn has(&self, tag: &str) -> bool {
        self.0.as_ref().is_some_and(|tags| tags.have(tag))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Tags::of(&parts.headers, &header::IF_NONE_MATCH)))
    }
}

/// A resource at another version than the request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// `If-Match` names other versions.
    Changed,
    /// `If-None-Match` names this version, or any.
    Excluded,
}

impl Refusal for Stale {
    const NAMED: Named = STALE_VERSION;

    fn explain(self, problem: Problem) -> Problem {
        match self {
            Self::Changed => problem.detail("If-Match does not name the current version of the resource."),
            Self::Excluded => problem.detail("The resource exists, and If-None-Match names its version."),
        }
    }
}

/// Answers 304 to a GET whose `If-None-Match` has the reply's tag.
pub(super) async fn not_modified(request: Request, next: Next) -> Response {
    let known = match *request.method() {
        Method::GET | Method::HEAD => Tags::of(request.headers(), &header::IF_NONE_MATCH),
        _ => None,
    };
    let mut response = next.run(request).await;
    let current = response.headers().get(header::ETAG).and_then(|value| value.to_str().ok());
    let current = current.map(|text| text.trim_matches('"'));
    if let (Some(known), Some(current), StatusCode::OK) = (known, current, response.status())
        && known.have(current)
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    response
}

/// The tags of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`: any version.
    Any,
    /// Listed tags. A field that is no list of tags becomes an empty list, which
    /// never matches.
    These(Vec<Tag>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    weak: bool,
    opaque: String,
}

impl Tags {
    fn of(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        let lines: Vec<&str> =
            headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
        if lines.is_empty() {
            return None;
        }
        // Several lines of a field are one list (RFC 9110, 5.3).
        let text = lines.join(",");
        if text.trim() == "*" {
            return Some(Self::Any);
        }
        Some(Self::These(list(&text).unwrap_or_default()))
    }

    /// Compares weakly: compression on the way may have made a reply's tag a weak
    /// one.
    fn have(&self, opaque: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| tag.opaque == opaque),
        }
    }
}

/// Parses a list of tags (RFC 9110, 8.8.3); empty members are ignored (5.6.1).
fn list(text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            rest = behind.trim_start();
            continue;
        }
        let weak = rest.starts_with("W/");
        let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (opaque, behind) = quoted.split_once('"')?;
        tags.push(Tag { weak, opaque: opaque.to_owned() });
        rest = behind.trim_start();
        if !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use utoipa::openapi::HttpMethod;

    use super::*;
    use crate::http::{
        Created, Health, Reply,
        testing::{Answer, ask, route},
    };

    crate::problems! {
        /// Errors of changing a thing.
        enum ChangeError {
            Stale(Stale),
        }
    }

    async fn show() -> Versioned<Reply<Health>> {
        Versioned(7, Reply(Health::default()))
    }

    async fn make() -> Versioned<Created<Health>> {
        Versioned(1, Created { location: "/things/1".to_owned(), body: Health::default() })
    }

    async fn change(if_match: IfMatch) -> Result<Versioned<Reply<Health>>, ChangeError> {
        if_match.check(7)?;
        Ok(Versioned(8, Reply(Health::default())))
    }

    fn router() -> Router {
        let shown = route(&HttpMethod::Get, "/thing", show);
        let changed = route(&HttpMethod::Put, "/thing", change);
        shown.merge(changed).merge(route(&HttpMethod::Post, "/things", make))
    }

    async fn send(method: &str, path: &str, condition: Option<(&str, &str)>) -> Answer {
        let mut request = http::Request::builder().method(method).uri(path);
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        ask(&router(), request.body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn a_version_is_a_strong_tag_of_what_is_shown_and_made() {
        let shown = send("GET", "/thing", None).await;
        assert_eq!((shown.status, shown.header("etag")), (200, Some("\"7\"")));
        let made = send("POST", "/things", None).await;
        assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    }

    #[tokio::test]
    async fn a_representation_that_the_caller_has_is_not_sent_again() {
        for known in ["\"7\"", "W/\"7\"", "*", "\"6\", \"7\"", " , \"7\" ,"] {
            let answer = send("GET", "/thing", Some(("if-none-match", known))).await;
            assert_eq!((answer.status, answer.header("etag")), (304, Some("\"7\"")), "{known}");
            assert_eq!((answer.header("content-type"), answer.body.is_null()), (None, true), "{known}");
        }
        for other in ["\"6\"", "7", "\"7", "\"7\" \"8\"", "\"6,7\"", "w/\"7\"", ""] {
            assert_eq!(send("GET", "/thing", Some(("if-none-match", other))).await.status, 200, "{other}");
        }
    }

    #[tokio::test]
    async fn only_what_the_caller_knows_is_changed() {
        for known in ["\"7\"", "\"7-12\"", "*", "\"6\",\"7\"", "W/\"7\", \"7\""] {
            let answer = send("PUT", "/thing", Some(("if-match", known))).await;
            assert_eq!((answer.status, answer.header("etag")), (200, Some("\"8\"")), "{known}");
        }
        assert_eq!(send("PUT", "/thing", None).await.status, 200);
        for other in ["\"6\"", "W/\"7\"", "7", "\"7", "\"7\"x", "\"6,7\"", "", "*, \"8\""] {
            let answer = send("PUT", "/thing", Some(("if-match", other))).await;
            assert_eq!(answer.code(), (412, "stale_version"), "{other}");
        }
    }

    #[tokio::test]
    async fn a_version_that_must_not_be_there_is_not_changed() {
        for present in ["*", "\"7\"", "W/\"7\"", "\"7-12\"", "\"6\", \"7\""] {
            let answer = send("PUT", "/thing", Some(("if-none-match", present))).await;
            assert_eq!(answer.code(), (412, "stale_version"), "{present}");
        }
        for other in ["\"8\"", "W/\"6\"", "\"6\", \"70\"", ""] {
            let answer = send("PUT", "/thing", Some(("if-none-match", other))).await;
            assert_eq!(answer.status, 200, "{other}");
        }
        let both = http::Request::put("/thing").header("if-match", "\"7\"").header("if-none-match", "*");
        assert_eq!(ask(&router(), both.body(Body::empty()).unwrap()).await.status, 412);
    }

    #[test]
    fn a_resource_without_a_version_matches_no_tag() {
        let condition = |name: &'static str, value: &'static str| {
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            let of = |name| Tags::of(&headers, name);
            IfMatch { matching: of(&header::IF_MATCH), none_of: of(&header::IF_NONE_MATCH) }
                .check_unversioned()
        };
        assert_eq!(condition("if-match", "*"), Ok(()));
        assert_eq!(condition("if-match", "\"1\""), Err(Stale::Changed));
        assert_eq!(condition("if-none-match", "\"1\""), Ok(()));
        assert_eq!(condition("if-none-match", "*"), Err(Stale::Excluded));
        assert_eq!(condition("accept", "*"), Ok(()));
    }
}
