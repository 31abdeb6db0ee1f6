//! Events for the functions, and the check of their answers.

use local::functions::{FUNCTIONS, Kind};
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent, Envelope,
        events::{UserCreated, UserExportRequested},
    },
    clock::Clock,
    id::{Ids, UserId},
    random::Random,
    vocabulary::{Role, Status},
};

/// A registered account, the subject of the events.
pub struct Account {
    /// Id of the account.
    pub user_id: UserId,
    /// Its access token.
    pub token: String,
}

impl Account {
    /// The request that registers one.
    pub fn registration() -> Value {
        let body = json!({ "email": "ada@example.com", "password": "correct horse battery staple" });
        http("POST", "/api/v1/auth/register", None, Some(&body))
    }

    /// The account of the registration's reply.
    pub fn of(reply: &Value) -> Self {
        assert!(is_good(reply), "registering failed: {reply}");
        let body: Value = serde_json::from_str(reply["body"].as_str().unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self { user_id: text(&body["user"]["id"]).parse().unwrap(), token: text(&body["access_token"]) }
    }
}

/// The `number`th event for the function `bin`: a request or a fact that exercises
/// its purpose, without hashing.
pub fn event(bin: &str, number: usize, account: &Account) -> Value {
    match bin {
        "auth-api" => http("GET", "/api/v1/auth/me", Some(&account.token), None),
        "users-api" => http("GET", "/api/v1/users/me", Some(&account.token), None),
        "users-consumer" => sqs(&export_requested(number, account)),
        "orders-api" => http("GET", "/api/v1/orders", Some(&account.token), None),
        "orders-sweeper" => scheduled(),
        "catalog-api" => http("GET", "/api/v1/products", None, None),
        "events-search" => http("GET", "/api/v1/events", None, None),
        "web" | "hello" => http("GET", "/health", None, None),
        "publisher" => stream(&user_created(number, account)),
        // The catalogue's consumer skips this event.
        "notifications" | "catalog-consumer" | "orders-consumer" => sqs(&user_created(number, account)),
        // The default for other groups.
        _ => match FUNCTIONS.iter().find(|function| function.bin() == bin) {
            Some(function) => match function.kind {
                Kind::Http => http("GET", &format!("/api/v1/{}/health", function.group()), None, None),
                Kind::Queue => sqs(&user_created(number, account)),
                Kind::Stream => stream(&user_created(number, account)),
                Kind::Schedule => scheduled(),
            },
            None => panic!("{bin} is no function"),
        },
    }
}

/// True if the function succeeded.
pub fn is_good(answer: &Value) -> bool {
    match answer.get("batchItemFailures") {
        Some(failures) => failures.as_array().is_some_and(Vec::is_empty),
        // A scheduled function has no output.
        None if answer.is_null() => true,
        None => answer["statusCode"].as_u64().is_some_and(|status| (200..300).contains(&status)),
    }
}

/// A request in the format of an HTTP API.
fn http(method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Value {
    let mut headers = json!({
        "accept": "*/*",
        "content-type": "application/json",
        "host": "agora.example",
        "user-agent": "benchmark",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-proto": "https",
    });
    if let Some(token) = token {
        headers["authorization"] = format!("Bearer {token}").into();
    }
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "agora.example",
            "domainPrefix": "agora",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "benchmark",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "21/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_255_200_000_u64,
        },
        "body": body.map(Value::to_string),
        "isBase64Encoded": false,
    })
}

/// A batch of one record with `envelope` in its outbox.
fn stream(envelope: &Envelope) -> Value {
    json!({ "Records": [{
        "eventID": "1",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/agora/stream/local",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_255_200,
            "Keys": { "pk": { "S": "USER#1" }, "sk": { "S": "USER" } },
            "NewImage": {
                "pk": { "S": "USER#1" },
                "sk": { "S": "USER" },
                "events": { "S": serde_json::to_string(&[envelope]).unwrap() },
            },
            "SequenceNumber": "111",
            "SizeBytes": 500,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }] })
}

/// A batch of one message from the bus's rule.
fn sqs(envelope: &Envelope) -> Value {
    let delivery = json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": envelope.kind,
        "source": envelope.source,
        "account": "000000000000",
        "time": "2026-11-21T10:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": envelope,
    });
    json!({ "Records": [{
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "handle",
        "body": delivery.to_string(),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795255200000",
            "SenderId": "events",
            "ApproximateFirstReceiveTimestamp": "1795255200000",
        },
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:notifications",
        "awsRegion": "us-east-1",
    }] })
}

/// The event of a schedule.
fn scheduled() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-11-21T10:00:00Z",
        "detail": {},
    })
}

/// The creation of the account; each `number` is another event, as a consumer skips a
/// repeated one.
fn user_created(number: usize, account: &Account) -> Envelope {
    let data = DomainEvent::UserCreated(UserCreated {
        user_id: account.user_id,
        role: Role::User.into(),
        status: Status::Active.into(),
        email_verified: false,
        without_password: false,
    });
    envelope(data, number)
}

/// The request for an export of the account. It has no job in the table, which does
/// not matter.
fn export_requested(number: usize, account: &Account) -> Envelope {
    let export_id = Ids::new(Clock::system(), Random::system()).next();
    let data = UserExportRequested { export_id, user_id: account.user_id };
    envelope(DomainEvent::UserExportRequested(data), number)
}

fn envelope(data: DomainEvent, number: usize) -> Envelope {
    Envelope {
        id: format!("{}.{number}.0", data.aggregate_id()),
        source: "agora.auth".to_owned(),
        kind: data.kind(),
        schema_version: data.schema_version(),
        aggregate_id: data.aggregate_id(),
        aggregate_version: 1,
        occurred_at: Clock::system().now(),
        actor: None,
        request_id: None,
        traceparent: None,
        data,
    }
}
