//! The developer's pages, below `/_local/`: sent emails, recent events of the bus, and
//! queue counts. They show secrets (the links in emails), so they answer on the
//! loopback interface and to its names only: otherwise a web page could have a name of
//! its own resolve here and read them.

use std::net::IpAddr;

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};
use shared::random::Random;

use crate::{
    cloud::Cloud,
    data::{DataError, Folder},
    operator::{Operator, protocol},
};

/// The page that shows the mails.
const MAILBOX: &str = include_str!("pages/mailbox.html");

/// The local pages of a platform.
pub(crate) struct Pages {
    cloud: Cloud,
    operator: Operator,
    /// Token that a command must send: only readers of the data folder know it. Other
    /// users of the machine reach the port too.
    token: String,
}

impl Pages {
    /// The pages, with a new token, which is saved in the data folder.
    pub(crate) fn new(
        cloud: Cloud,
        operator: Operator,
        folder: Option<&Folder>,
        random: &Random,
    ) -> Result<Self, DataError> {
        let token = hex(&random.bytes::<32>());
        if let Some(folder) = folder {
            folder.save_operator_token(&token)?;
        }
        Ok(Self { cloud, operator, token })
    }

    /// Token that a command must send.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Answers a request for a local page; returns any other. A client of another machine
    /// may claim any host, so its address counts too.
    pub(crate) async fn answer(
        &self,
        request: Request<Body>,
        client: Option<IpAddr>,
    ) -> Result<Response<Body>, Request<Body>> {
        let Some(page) = request.uri().path().strip_prefix("/_local/") else { return Err(request) };
        let page = page.to_owned();
        let is_remote = client.is_some_and(|client| !client.to_canonical().is_loopback());
        Ok(if is_remote || !is_local(&request) {
            text(StatusCode::FORBIDDEN, "local pages answer to localhost only\n")
        } else if page == protocol::PAGE {
            self.operate(request).await
        } else if request.method() != Method::GET {
            text(StatusCode::METHOD_NOT_ALLOWED, "local pages can only be read\n")
        } else {
            match page.as_str() {
                "mails" => json(&json!({ "data": self.cloud.mails() })),
                "events" => json(&events(&self.cloud).await),
                "mailbox" => html(MAILBOX),
                _ => text(
                    StatusCode::NOT_FOUND,
                    "there are /_local/mails, /_local/mailbox and /_local/events\n",
                ),
            }
        })
    }

    /// Runs the operator command of another process that sends the token of the data
    /// folder.
    async fn operate(&self, request: Request<Body>) -> Response<Body> {
        let shown = request.headers().get(protocol::HEADER);
        // The token has 256 random bits: timing over a socket reveals too little of
        // them.
        if request.method() != Method::POST || shown.is_none_or(|shown| shown != self.token.as_str()) {
            return text(
                StatusCode::FORBIDDEN,
                "this is for the agora command with the data folder's token\n",
            );
        }
        let body =
            axum::body::to_bytes(request.into_body(), protocol::LARGEST_COMMAND).await.unwrap_or_default();
        let Ok(command) = serde_json::from_slice(&body) else {
            return text(StatusCode::BAD_REQUEST, "this is no command\n");
        };
        match Box::pin(self.operator.run(command)).await {
            Ok(outcome) => reply(StatusCode::OK, "application/json", json!(outcome).to_string()),
            Err(error) => reply(StatusCode::CONFLICT, "text/plain; charset=utf-8", error.to_string()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

async fn events(cloud: &Cloud) -> Value {
    let queues = cloud.queue_counts().await.into_iter().map(|(name, counts)| {
        json!({
            "name": name,
            "available": counts.available,
            "in_flight": counts.in_flight,
            "delayed": counts.delayed,
        })
    });
    json!({
        "data": cloud.travelled(),
        "queues": queues.collect::<Value>(),
        "dead_letters": cloud.dead_letters().await,
    })
}

/// True if a web page sends the request: no AWS client sends an origin.
pub(crate) fn is_of_a_page(request: &Request<Body>) -> bool {
    request.headers().contains_key(header::ORIGIN) || request.headers().contains_key("sec-fetch-site")
}

/// Refusal of a request that is not for the local names.
pub(crate) fn forbidden() -> Response<Body> {
    text(StatusCode::FORBIDDEN, "this answers to localhost only, and to no web page\n")
}

/// True if the request is for a name of this machine.
pub(crate) fn is_local(request: &Request<Body>) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host =
        host.or_else(|| request.uri().authority().map(http::uri::Authority::as_str)).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| name.eq_ignore_ascii_case(local))
}

fn json(value: &Value) -> Response<Body> {
    reply(StatusCode::OK, "application/json", value.to_string())
}

fn html(page: &'static str) -> Response<Body> {
    let mut response = reply(StatusCode::OK, "text/html; charset=utf-8", page);
    // The emails are shown in frames without scripts; the page has its own.
    let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    reply(status, "text/plain; charset=utf-8", text)
}

fn reply(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
