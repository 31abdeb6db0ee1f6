//! An organizer who publishes a weekly series, and a visitor who waits for it.

use std::time::{Duration, Instant};

use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use local::platform::Platform;
use serde_json::{Value, json};
use shared::{
    identity::{
        accounts::NewAccount,
        password::{HashCost, Password},
    },
    random::Random,
};

use crate::harness::Lines;

const EMAIL: &str = "organizer@example.com";
const PASSWORD: &str = "wooden lighthouse over the bay";

/// Units of the publication with all that follows, and seconds until it is found.
pub async fn publish(platform: &Platform, lines: &Lines) -> [String; 2] {
    let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
    let password = Password::parse(PASSWORD.to_owned(), &[]).unwrap();
    let account = NewAccount {
        email_verified: true,
        password_hash: Some(cost.hash(password, &Random::system()).await.unwrap()),
        ..NewAccount::confirmed(EMAIL.parse().unwrap())
    };
    platform.operator().accounts().await.unwrap().create(account).await.unwrap();
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    let login = send(platform, Method::POST, "auth/login", "", &login).await;
    let token = login["access_token"].as_str().unwrap();
    let soon = (jiff::Zoned::now().date() + jiff::Span::new().days(7)).at(19, 0, 0, 0);
    let soon = soon.strftime("%Y-%m-%dT%H:%M").to_string();
    let draft = json!({
        "title": "Quartet of Thursdays",
        "schedule": {
            "time_zone": "Europe/Berlin",
            "parts": [{ "start": soon, "duration": "PT2H", "rule": "FREQ=WEEKLY" }],
        },
        "venue": { "city": "Berlin", "country": "DE" },
    });
    let draft = send(platform, Method::POST, "events", token, &draft).await;
    let path = format!("events/{}/publish", draft["id"].as_str().unwrap());
    // The first search reads the index.
    find(platform).await;
    platform.settle().await;
    let before = written(lines);
    send(platform, Method::POST, &path, token, &Value::Null).await;
    let published = Instant::now();
    while find(platform).await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let found = published.elapsed();
    platform.settle().await;
    [format!("{}", written(lines) - before), format!("{:.1}", found.as_secs_f64())]
}

/// Number of events with the title of the series.
async fn find(platform: &Platform) -> u64 {
    let found = send(platform, Method::GET, "events?q=quartet+thursdays", "", &Value::Null).await;
    found["total"].as_u64().unwrap()
}

/// Write units of the group so far.
fn written(lines: &Lines) -> f64 {
    let functions = ["events-api", "events-consumer"].into_iter();
    functions.flat_map(|function| lines.of(function)).map(|line| line.write_units).sum()
}

async fn send(platform: &Platform, method: Method, path: &str, token: &str, body: &Value) -> Value {
    let mut request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
    let response = platform.request(request).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(status.is_success(), "{path}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}
