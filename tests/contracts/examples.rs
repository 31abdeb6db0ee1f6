//! Every example request of the document, as its sample for curl has it, on a platform
//! with the demo: each is answered with success, in the shape that the document gives
//! (`judge`). What a sample has in a variable comes from the replies to others.

use std::{cell::RefCell, collections::BTreeMap, process::Command};

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use local::{
    client::Client,
    platform::{Data, Options, Platform},
    seed::{PASSWORD, demo::Demo, people::SHOPKEEPER},
};
use serde_json::{Value, json};

use crate::harness::{client::Reply, document::judge, operation::Operation, with_cheap_passwords};

/// The examples that the platform refuses where all others have run, with the code and
/// the reason. One that is granted fails the test.
const REFUSED: &[(&str, &str, &str)] = &[
    ("POST /api/v1/product", "slug_taken", "the example of POST /api/v1/products has created it"),
    ("POST /api/v1/organizations/{organization_id}/leave", "last_owner", "the founder is the only owner"),
    (
        "POST /api/v1/organizations/{organization_id}/transfer",
        "invalid_fields",
        "the account is the owner's own",
    ),
    (
        "DELETE /api/v1/organizations/{organization_id}/members/{member_id}",
        "last_owner",
        "the founder is the only owner",
    ),
    ("PUT /api/v1/event-categories", "event_category_in_use", "the example lacks categories of the list"),
    ("POST /api/v1/invitations/preview", "not_found", "the last link that was mailed is another one"),
    ("POST /api/v1/invitations/{invitation_id}/accept", "not_found", "the invitation is for another address"),
    (
        "POST /api/v1/invitations/{invitation_id}/decline",
        "not_found",
        "the invitation is for another address",
    ),
];

/// Examples that the others need.
const FIRST: &[&str] = &[
    "POST /api/v1/auth/register",
    "POST /api/v1/categories",
    "POST /api/v1/products",
    "POST /api/v1/organizations",
    INVITE,
];

/// Examples that delete or invalidate results which the others need.
const LAST: &[&str] = &[
    "POST /api/v1/auth/password-change",
    "POST /api/v1/auth/password-reset-request",
    "POST /api/v1/auth/password-reset-confirm",
    "DELETE /api/v1/auth/sessions/{session_id}",
    "DELETE /api/v1/products/{product_id}",
    "DELETE /api/v1/categories/{category_id}",
    "POST /api/v1/organizations/{organization_id}/block",
    "DELETE /api/v1/organizations/{organization_id}",
    "DELETE /api/v1/users/{user_id}",
    "DELETE /api/v1/users/me",
];

const DRAFT: &str = "POST /api/v1/events";
const PUBLISH: &str = "POST /api/v1/events/{event_id}/publish";
const INVITE: &str = "POST /api/v1/organizations/{organization_id}/invitations";
const ORDER: &str = "POST /api/v1/orders";
const CONFIRM: &str = "POST /api/v1/orders/{order_id}/confirm";
const FULFIL: &str = "POST /api/v1/orders/{order_id}/fulfil";
const CANCEL: &str = "POST /api/v1/orders/{order_id}/cancel";

/// The examples that run before an operation's.
fn steps_before(operation: &Operation) -> Vec<&'static str> {
    match operation.value["operationId"].as_str().unwrap() {
        "orders.confirm_order" | "orders.cancel_order" => vec![ORDER],
        "orders.fulfil_order" | "orders.refund_order" => vec![ORDER, CONFIRM],
        "orders.complete_order" => vec![ORDER, CONFIRM, FULFIL],
        "orders.delete_order" | "orders.delete_order_alias" => vec![ORDER, CANCEL],
        id if id.starts_with("orders.") && operation.path.contains("{order_id}") => vec![ORDER],
        "organizations.delete_organization" => vec!["POST /api/v1/organizations/{organization_id}/unblock"],
        "events.publish_event" => vec![DRAFT],
        id if id == "events.find_event"
            || id.starts_with("events.") && operation.path.contains("{event_id}") =>
        {
            vec![DRAFT, PUBLISH]
        }
        // The example before has revoked it.
        "organizations.resend_invitation" => vec![INVITE],
        "auth.revoke_session" => vec!["GET /api/v1/auth/sessions"],
        // The example before has deleted the account.
        "users.delete_me" => vec!["POST /api/v1/auth/register"],
        _ => Vec::new(),
    }
}

/// A platform with the demo, and what is known of it.
struct Day {
    platform: Platform,
    _folder: tempfile::TempDir,
    variables: RefCell<BTreeMap<String, String>>,
}

#[tokio::test]
async fn every_example_of_the_document_runs() {
    let day = Day::begin().await;
    let place = |operation: &Operation| {
        let name = operation.name();
        let last = LAST.iter().position(|it| *it == name).map_or(0, |at| at + 1);
        (last, FIRST.iter().position(|it| *it == name).unwrap_or(FIRST.len()))
    };
    let mut operations: Vec<Operation> = Operation::all().collect();
    operations.sort_by_key(place);
    for name in FIRST.iter().chain(LAST).chain(REFUSED.iter().map(|(name, _, _)| name)) {
        Operation::named(name);
    }
    for operation in &operations {
        for step in steps_before(operation) {
            let reply = Box::pin(day.run(&Operation::named(step))).await;
            assert!(reply.status < 300, "{step}, before {}: {}", operation.name(), text(&reply));
        }
        let (name, reply) = (operation.name(), Box::pin(day.run(operation)).await);
        match REFUSED.iter().find(|(refused, _, _)| *refused == name) {
            Some((_, code, reason)) => assert_eq!(reply.problem().1, *code, "{name}: {reason}"),
            None => assert!(reply.status < 300, "{name}: {} {}", reply.status, text(&reply)),
        }
    }
    day.platform.shutdown().await;
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
}

impl Day {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options {
            data: Data::Folder(folder.path().to_owned()),
            port: Some(0),
            ..Options::memory().unwrap()
        };
        with_cheap_passwords(&mut options.template.value);
        let platform = Platform::start(options).await.unwrap();
        let client = Client::of(platform.address().unwrap().port(), folder.path()).unwrap();
        Box::pin(Demo::of(20).fill(&client, || ())).await.unwrap();
        let day = Self { platform, _folder: folder, variables: RefCell::default() };
        day.set("AGORA", "");
        let body = json!({ "email": SHOPKEEPER, "password": PASSWORD }).to_string();
        let login = Request::post("/api/v1/auth/login").header("content-type", "application/json");
        let reply = day.send(login.body(body.into()).unwrap()).await;
        day.set("ADMIN_TOKEN", reply.json()["access_token"].as_str().unwrap());
        day
    }

    fn set(&self, name: &str, value: &str) {
        self.variables.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// Runs the example of an operation, and learns from the answer.
    async fn run(&self, operation: &Operation) -> Reply {
        let sample = operation.value["x-codeSamples"][0]["source"].as_str().unwrap();
        let names = |variable: &str| sample.contains(&format!("${variable}"));
        // An account may sign in 50 times an hour.
        let is_signed_in = self.variables.borrow().contains_key("ACCESS_TOKEN");
        if !is_signed_in && (names("ACCESS_TOKEN") || names("REFRESH_TOKEN")) {
            let login = Operation::named("POST /api/v1/auth/login");
            let reply = self.send(self.request(&login)).await;
            assert_eq!(reply.status, 200, "before {}: {}", operation.name(), text(&reply));
            self.learn(&reply);
        }
        if names("MAILED_TOKEN") {
            let mut mails = self.platform.mails().into_iter().filter(|mail| mail.to == "ada@example.com");
            let mail = mails.rfind(|mail| mail.text.contains("token=")).unwrap().text;
            let token = mail.split_once("token=").unwrap().1.split_whitespace().next().unwrap();
            self.set("MAILED_TOKEN", token);
        }
        if names("ETAG") {
            let tag = self.tag(operation).await;
            self.set("ETAG", &tag);
        }
        let request = self.request(operation);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        assert_eq!(
            Operation::find(&method, &path).map(|found| found.name()),
            Some(operation.name()),
            "the sample of {} is for another operation",
            operation.name()
        );
        let reply = self.send(request).await;
        judge(&method, &path, &reply);
        self.learn(&reply);
        if ["/api/v1/auth", "/api/v1/users"].iter().any(|accounts| path.starts_with(accounts)) {
            // The session may have ended.
            self.variables.borrow_mut().remove("ACCESS_TOKEN");
        }
        self.platform.settle().await;
        reply
    }

    /// The `ETag` of what an operation changes: a GET of its path has it, or of what
    /// its path is a part or an alias of.
    async fn tag(&self, operation: &Operation) -> String {
        let canonical = operation.value["x-alias-of"].as_str().unwrap_or(&operation.path);
        let thing = Operation::named(&format!("GET {}", canonical.trim_end_matches("/buckets")));
        let reply = self.send(self.request(&thing)).await;
        assert_eq!(reply.status, 200, "{}: {}", thing.name(), text(&reply));
        reply.header("etag").to_owned()
    }

    /// The request of an operation's sample for curl, whose words bash reads.
    fn request(&self, operation: &Operation) -> Request<Body> {
        let sample = operation.value["x-codeSamples"][0]["source"].as_str().unwrap();
        // The words that curl is given; a key needs no `openssl` here.
        let key = format!("openssl() {{ echo \"key-$RANDOM-$RANDOM-{}\"; }}", operation.path.len());
        let script = format!("set -u\n{key}\ncurl() {{ printf '%s\\0' \"$@\"; }}\n{sample}");
        let mut bash = Command::new("bash");
        let output = bash.args(["-c", &script]).envs(&*self.variables.borrow()).output().unwrap();
        let faults = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {faults}\n{sample}", operation.name());
        let words = String::from_utf8(output.stdout).unwrap();
        let mut words = words.split_terminator('\0');
        let mut request = Request::builder();
        let mut body = Body::empty();
        while let Some(word) = words.next() {
            let mut next = || words.next().unwrap();
            match word {
                "-X" => request = request.method(next()),
                "-H" => {
                    let (name, value) = next().split_once(": ").unwrap();
                    request = request.header(name, value);
                }
                "-d" | "--data-binary" => body = next().to_owned().into(),
                url => request = request.uri(url),
            }
        }
        request.body(body).unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = Box::pin(self.platform.request(request)).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// Keeps tokens, and the ids of what was made.
    fn learn(&self, reply: &Reply) {
        let body: Value = serde_json::from_slice(&reply.bytes).unwrap_or_default();
        for (name, value) in [
            ("ACCESS_TOKEN", &body["access_token"]),
            ("REFRESH_TOKEN", &body["refresh_token"]),
            ("USER_ID", &body["user"]["id"]),
            ("MEMBER_ID", &body["user"]["id"]),
            ("SESSION_ID", &body["data"][0]["id"]),
        ] {
            if let Some(text) = value.as_str() {
                self.set(name, text);
            }
        }
        if ![201, 202].contains(&reply.status) {
            return;
        }
        let made = reply.header("location").rsplit('/').next().unwrap_or_default().to_owned();
        for (prefix, name) in [
            ("cat_", "CATEGORY_ID"),
            ("evt_", "EVENT_ID"),
            ("exp_", "EXPORT_ID"),
            ("imp_", "IMPORT_ID"),
            ("inv_", "INVITATION_ID"),
            ("ord_", "ORDER_ID"),
            ("org_", "ORGANIZATION_ID"),
            ("org_", "ORGANIZER"),
            ("prod_", "PRODUCT_ID"),
        ] {
            if made.starts_with(prefix) {
                self.set(name, &made);
            }
        }
    }
}
