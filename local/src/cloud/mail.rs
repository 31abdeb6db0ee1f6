//! SES: keeps the emails of functions for the developer to read.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::clock::Clock;

use crate::data::{DataError, Folder, MAILS};

use super::reply::{Fault, reply};

/// Path of SES v2 for sending.
pub(super) const PATH: &str = "/v2/email/outbound-emails";

/// A sent email.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// Recipients, separated by commas.
    pub to: String,
    /// The sender's address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Time of sending: RFC 3339, UTC.
    pub sent_at: String,
}

pub(super) struct Mails {
    sent: Mutex<Vec<Mail>>,
    folder: Option<Folder>,
    clock: Clock,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: String,
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    #[serde(default)]
    text: Text,
    #[serde(default)]
    html: Text,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

impl Mails {
    pub(super) fn open(folder: Option<&Folder>, clock: Clock) -> Result<Self, DataError> {
        let mails = folder.map(|folder| folder.lines(MAILS)).transpose()?.unwrap_or_default();
        Ok(Self { sent: Mutex::new(mails), folder: folder.cloned(), clock })
    }

    /// Answers `SendEmail`.
    pub(super) fn send(&self, body: &[u8]) -> Response<Bytes> {
        reply(self.keep(body))
    }

    fn keep(&self, body: &[u8]) -> Result<Value, Fault> {
        let request: SendEmail = serde_json::from_slice(body).map_err(|error| Fault::malformed(&error))?;
        let Simple { subject, body } = request.content.simple;
        let mail = Mail {
            to: request.destination.to_addresses.join(", "),
            from: request.from_email_address,
            subject: subject.data,
            text: body.text.data,
            html: body.html.data,
            sent_at: self.clock.now().to_string(),
        };
        let mut mails = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = &self.folder {
            folder
                .append(MAILS, &mail)
                .map_err(|error| Fault::new("InternalServiceErrorException", error.to_string()))?;
        }
        mails.push(mail);
        Ok(json!({ "MessageId": format!("local-{}", mails.len()) }))
    }

    pub(super) fn all(&self) -> Vec<Mail> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
