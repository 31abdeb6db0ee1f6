//! A platform on this machine, as the commands reach it: one that runs in another
//! process, over its port, or one that runs in this process for the duration of the
//! command.

use std::{fmt, net::Ipv4Addr, path::Path};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::BodyExt as _;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::net::TcpStream;

use crate::{
    data::operator_token,
    operator::protocol::{Command, HEADER, Outcome, PAGE},
    platform::{PORT, Platform},
};

/// Errors of a request to a platform.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The platform refused it.
    #[error("{0}")]
    Refused(String),
    /// The platform requires a token of its data folder, which this folder lacks.
    #[error(
        "the data folder {1} has no token of the platform on port {0}\n\
         hint: set that platform's folder with --data-dir; a platform with --memory takes no commands"
    )]
    NoToken(u16, String),
    /// The platform could not be reached.
    #[error("the platform on port {0} does not respond: {1}")]
    Unreachable(u16, String),
}

/// True if a process listens on `port` of this machine.
pub async fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}

/// A platform on this machine.
pub struct Client {
    port: u16,
    token: String,
    way: Way,
}

enum Way {
    Socket(Box<legacy::Client<HttpConnector, Body>>),
    /// Its emailed links use the default port.
    Own(Box<Platform>),
}

impl Client {
    /// The platform that listens on `port` and keeps its data in `folder`, which holds
    /// its operator token.
    pub fn of(port: u16, folder: &Path) -> Result<Self, ClientError> {
        let token =
            operator_token(folder).ok_or_else(|| ClientError::NoToken(port, folder.display().to_string()))?;
        let client = legacy::Client::builder(TokioExecutor::new()).build_http();
        Ok(Self { port, token, way: Way::Socket(Box::new(client)) })
    }

    /// A platform in this process.
    pub fn own(platform: Platform) -> Self {
        let token = platform.operator_token().to_owned();
        Self { port: PORT, token, way: Way::Own(Box::new(platform)) }
    }

    /// Sends a request, whose URI is a path.
    pub async fn request(&self, mut request: Request<Body>) -> Result<Response<Bytes>, ClientError> {
        let unreachable = |error: &dyn fmt::Display| ClientError::Unreachable(self.port, error.to_string());
        let address = format!("http://127.0.0.1:{}{}", self.port, request.uri());
        *request.uri_mut() = address.parse().map_err(|error| unreachable(&error))?;
        let response = match &self.way {
            Way::Socket(client) => {
                client.request(request).await.map_err(|error| unreachable(&error))?.map(Body::new)
            }
            // Boxed: it would be a part of each caller's future.
            Way::Own(platform) => Box::pin(platform.request(request)).await,
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| unreachable(&error))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// Runs an operator's command.
    pub async fn operate(&self, command: &Command) -> Result<Outcome, ClientError> {
        let unreachable = |error: &dyn fmt::Display| ClientError::Unreachable(self.port, error.to_string());
        let body = serde_json::to_vec(command).map_err(|error| unreachable(&error))?;
        let request = Request::post(format!("/_local/{PAGE}"))
            .header(HEADER, &self.token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|error| unreachable(&error))?;
        let response = self.request(request).await?;
        if response.status().is_success() {
            serde_json::from_slice(response.body()).map_err(|error| unreachable(&error))
        } else {
            Err(ClientError::Refused(String::from_utf8_lossy(response.body()).trim().to_owned()))
        }
    }

    /// Handles all caused work and stops, if the platform is this process's own.
    pub async fn close(self) {
        match self.way {
            Way::Own(platform) => platform.shutdown().await,
            Way::Socket(_) => {}
        }
    }
}
