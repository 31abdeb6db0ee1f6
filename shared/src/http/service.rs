//! The one middleware, which every request of every function passes in this order:
//! request id and scope, CORS, trailing slash, body limit, deadline, panic, route,
//! precondition; then problems get their bodies, replies their headers, and the log
//! its line.

use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::{DefaultBodyLimit, FromRequestParts, MatchedPath},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use futures::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header, request::Parts};
use tokio::time::Instant;
use tower::ServiceExt as _;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{
    Problem,
    json::too_large,
    preconditions::not_modified,
    problem::{METHOD_NOT_ALLOWED, NOT_FOUND},
    proxy::TrustedProxy,
};
use crate::{
    Context,
    config::AllowedOrigins,
    invocation::Invocation,
    telemetry::{Outcome, Scope},
};

/// Maximum body of a request, in bytes; a route with uploads sets its own.
const BODY_LIMIT: usize = 256 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The client, as far as the gateway and the request identify it.
#[derive(Debug, Clone)]
pub struct Client {
    /// The network address.
    pub address: Option<IpAddr>,
    /// `User-Agent` of the request, cut to 256 characters.
    pub user_agent: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            address: parts.extensions.get::<ClientAddress>().and_then(|address| address.0),
            user_agent: user_agent.map(|text| text.chars().take(256).collect()),
        })
    }
}

/// [`Client::address`] on its way through the request.
#[derive(Clone, Copy)]
struct ClientAddress(Option<IpAddr>);

/// A function's HTTP side: its routes inside the middleware.
#[derive(Debug, Clone)]
pub struct Service {
    router: Router,
    /// The routes without CORS, which answers every `OPTIONS` itself.
    plain: Router,
    context: Arc<Context>,
    proxy: TrustedProxy,
    /// Maximum body of the routes, in bytes.
    largest_body: usize,
    slashes: Option<Slashes>,
    elsewhere: Option<Elsewhere>,
}

/// A path of which another function answers some methods.
#[derive(Debug, Clone, Copy)]
struct Elsewhere {
    path: &'static str,
    methods: &'static str,
}

/// A path whose last parameter may contain slashes: the prefix before the parameter
/// and the possible suffixes after it.
#[derive(Debug, Clone, Copy)]
struct Slashes {
    before: &'static str,
    after: &'static [&'static str],
}

impl Service {
    /// Puts the middleware around `router`.
    pub fn new(router: Router, context: Context, origins: AllowedOrigins) -> Self {
        let plain = router
            .layer(from_fn(not_modified))
            .layer(from_fn(note_route))
            .fallback(|| async { Problem::from(NOT_FOUND) })
            .layer(DefaultBodyLimit::max(BODY_LIMIT));
        Self {
            router: plain.clone().layer(cors(origins)),
            plain,
            context: Arc::new(context),
            proxy: TrustedProxy::default(),
            largest_body: BODY_LIMIT,
            slashes: None,
            elsewhere: None,
        }
    }

    /// Sets the proxy that requests must pass.
    #[must_use]
    pub fn behind(self, proxy: TrustedProxy) -> Self {
        Self { proxy, ..self }
    }

    /// Raises the body limit for a route that takes [`Upload`](super::Upload)s of
    /// `largest_body` bytes.
    #[must_use]
    pub fn with_uploads(self, largest_body: usize) -> Self {
        Self { largest_body, ..self }
    }

    /// Allows slashes in a parameter: the text between `before` and one of `after` is
    /// one segment. An HTTP API decodes a path before it routes, so the function
    /// cannot tell an encoded slash from another.
    #[must_use]
    pub fn with_slashes(self, before: &'static str, after: &'static [&'static str]) -> Self {
        Self { slashes: Some(Slashes { before, after }), ..self }
    }

    /// Names the methods of `path` that another function answers: `Allow` has them, too.
    #[must_use]
    pub fn with_methods_elsewhere(self, path: &'static str, methods: &'static str) -> Self {
        Self { elsewhere: Some(Elsewhere { path, methods }), ..self }
    }

    /// Answers a request. Every failure becomes a response.
    pub async fn call(&self, mut request: Request<Body>, invocation: Invocation) -> Response {
        let began = Instant::now();
        let request_id = self.context.ids.next::<crate::id::RequestKind>().to_string();
        let named = request_name(request.headers());
        let traceparent = traceparent(request.headers());
        let scope = Scope::of_request(request_id, named.clone(), traceparent, invocation.deadline);
        let method = request.method().clone();
        strip_trailing_slash(request.uri_mut());
        if let Some(slashes) = self.slashes {
            join_segments(request.uri_mut(), slashes);
        }
        let path = request.uri().path().to_owned();
        let address = self.proxy.client_address(request.headers_mut(), invocation.client_address);
        let mut response = match address {
            Ok(address) => {
                request.extensions_mut().insert(ClientAddress(address));
                Arc::clone(&scope).enter(self.answer(request, &scope)).await
            }
            Err(problem) => problem.into_response(),
        };

        if method == Method::OPTIONS {
            let allowed = self.allowed(&path).await;
            response.headers_mut().extend(allowed.map(|allowed| (header::ALLOW, allowed)));
        }
        self.allow_elsewhere(&path, response.headers_mut());
        let route = response.extensions_mut().remove::<Route>().map(|route| route.0);
        let problem = problem_of(&mut response);
        if let Some(problem) = &problem {
            if let Some(cause) = &problem.cause {
                scope.set_cause(cause.clone());
            }
            *response.body_mut() = Body::from(problem.body(&scope.request_id, &path));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
            headers.remove(header::CONTENT_LENGTH);
            if problem.status() == StatusCode::UNAUTHORIZED {
                headers.insert(header::WWW_AUTHENTICATE, challenge(problem.named.code));
            }
        }
        set_headers(response.headers_mut(), named.as_deref().unwrap_or(&scope.request_id));
        let status = response.status();
        let outcome = Outcome {
            level: level(status),
            // An unknown path is the caller's text and stays out of the log.
            action: format!("{method} {}", route.as_deref().unwrap_or("(no route)")),
            outcome: status.as_str().to_owned(),
            code: problem.map(|problem| problem.named.code),
        };
        self.context.log_line(&scope, began, outcome);
        response
    }

    /// The methods of a path: the routes answer `OPTIONS` with 405, which names them.
    async fn allowed(&self, path: &str) -> Option<HeaderValue> {
        let request = Request::builder().method(Method::OPTIONS).uri(path).body(Body::empty()).ok()?;
        let Ok(mut response) = self.plain.clone().oneshot(request).await;
        response.headers_mut().remove(header::ALLOW)
    }

    /// Adds the methods that another function answers to `Allow`.
    fn allow_elsewhere(&self, path: &str, headers: &mut HeaderMap) {
        let Some(Elsewhere { methods, .. }) = self.elsewhere.filter(|it| it.path == path) else { return };
        let Some(own) = headers.get(header::ALLOW).and_then(|own| own.to_str().ok()) else { return };
        if let Ok(all) = HeaderValue::try_from(format!("{methods},{own}")) {
            headers.insert(header::ALLOW, all);
        }
    }

    /// Calls the router. A panic, a missed deadline or an oversized body becomes a
    /// problem.
    async fn answer(&self, request: Request<Body>, scope: &Scope) -> Response {
        if request.body().size_hint().lower() > self.largest_body as u64 {
            return too_large().into_response();
        }
        // The handler's own calls end before the deadline; this limit is for a
        // handler that waits for anything else.
        let grace = Duration::from_millis(100);
        let routed = AssertUnwindSafe(self.router.clone().oneshot(request)).catch_unwind();
        match tokio::time::timeout(scope.remaining() + grace, routed).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(impossible))) => match impossible {},
            Ok(Err(_)) => Problem::internal("panic").into_response(),
            Err(_) => Problem::unavailable("deadline").into_response(),
        }
    }
}

/// The caller's `X-Request-Id` if it is fit for a header and a log. It may hold
/// anything, an address too: only the reply and one field of the log line have it.
fn request_name(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_fit = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_fit.then(|| text.to_owned())
}

/// Template of the route that answered, on its way to the log.
#[derive(Clone)]
struct Route(String);

/// Adds the matched route's template to the response.
async fn note_route(request: axum::extract::Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| Route(path.as_str().to_owned()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Returns `traceparent` if it has the form of version 00 (W3C Trace Context).
fn traceparent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let hexadecimal = text.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f'));
    (lengths == [2, 32, 16, 2] && hexadecimal).then(|| text.to_owned())
}

/// Removes a trailing slash: both paths are the same route.
fn strip_trailing_slash(uri: &mut Uri) {
    let path = uri.path();
    let stripped = path.trim_end_matches('/');
    if stripped.is_empty() || stripped.len() == path.len() {
        return;
    }
    let stripped = stripped.to_owned();
    set_path(uri, &stripped);
}

/// See [`Service::with_slashes`].
fn join_segments(uri: &mut Uri, Slashes { before, after }: Slashes) {
    let Some(rest) = uri.path().strip_prefix(before) else { return };
    let end =
        after.iter().copied().find(|end| rest.len() > end.len() && rest.ends_with(end)).unwrap_or_default();
    let parameter = &rest[..rest.len() - end.len()];
    if parameter.contains('/') {
        let path = format!("{before}{}{end}", parameter.replace('/', "%2F"));
        set_path(uri, &path);
    }
}

/// Sets the path and keeps the query.
fn set_path(uri: &mut Uri, path: &str) {
    let target = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = target.parse().ok();
    if let Ok(changed) = Uri::from_parts(parts) {
        *uri = changed;
    }
}

/// The problem of an error response; axum's own 405 has none.
fn problem_of(response: &mut Response) -> Option<Problem> {
    let problem = response.extensions_mut().remove::<Problem>();
    if problem.is_none() && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return Some(METHOD_NOT_ALLOWED.into());
    }
    problem
}

/// Builds the challenge of RFC 6750: no error code if the request had no token.
fn challenge(code: &str) -> HeaderValue {
    let bare = HeaderValue::from_static("Bearer");
    match code {
        "authentication_required" => bare,
        "insufficient_user_authentication" => HeaderValue::try_from(format!(
            "Bearer error=\"{code}\", max_age={}",
            super::problem::RECENT.as_secs()
        ))
        .unwrap_or(bare),
        code => HeaderValue::try_from(format!("Bearer error=\"{code}\"")).unwrap_or(bare),
    }
}

fn level(status: StatusCode) -> &'static str {
    if status.is_server_error() {
        "error"
    } else if status == StatusCode::TOO_MANY_REQUESTS {
        "warn"
    } else {
        "info"
    }
}

fn set_headers(headers: &mut HeaderMap, request_id: &str) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn cors(origins: AllowedOrigins) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| origins.allows(origin)))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            REQUEST_ID,
            TRACEPARENT,
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("idempotent-replayed"),
            HeaderName::from_static("ratelimit-limit"),
            HeaderName::from_static("ratelimit-remaining"),
            HeaderName::from_static("ratelimit-reset"),
            REQUEST_ID,
        ])
        .max_age(Duration::from_hours(2))
}
