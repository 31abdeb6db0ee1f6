//! Every operation of the OpenAPI document: hostile bodies, parameters, headers
//! and tokens.

use std::cell::RefCell;

use axum::body::Body;
use http::{HeaderValue, Method, Request};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, Value, json};

use super::{
    assert_harmless,
    values::{Change, change, percent_encoded, text},
};
use crate::harness::{App, PASSWORD, property, test};

/// How many requests each operation gets.
const ROUNDS: u32 = 40;

/// An operation of the document.
#[derive(Debug)]
struct Operation {
    method: Method,
    path: String,
    body: Option<Value>,
    query: Vec<String>,
}

/// What a request has besides.
#[derive(Debug)]
struct Attack {
    caller: Caller,
    change: Change,
    content_type: String,
    segment: Option<String>,
    query: Vec<(Option<prop::sample::Index>, String, String)>,
    headers: Vec<(&'static str, Vec<u8>)>,
}

#[derive(Debug, Clone)]
enum Caller {
    Nobody,
    Ada,
    Administrator,
    Garbage(Vec<u8>),
}

/// Every header that somebody reads.
const HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "content-length",
    "cookie",
    "forwarded",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "origin",
    "traceparent",
    "transfer-encoding",
    "user-agent",
    "x-forwarded-for",
    "x-request-id",
];

fn attack() -> impl Strategy<Value = Attack> {
    let caller = prop_oneof![
        2 => Just(Caller::Nobody),
        3 => Just(Caller::Ada),
        4 => Just(Caller::Administrator),
        1 => vec(any::<u8>(), 0..80).prop_map(Caller::Garbage),
    ];
    let content_type = prop_oneof![
        12 => Just("application/json".to_owned()),
        2 => Just("application/merge-patch+json".to_owned()),
        1 => text(),
    ];
    let query = vec((option::of(any::<prop::sample::Index>()), text(), text()), 0..3);
    let headers = vec((prop::sample::select(HEADERS), vec(any::<u8>(), 0..60)), 0..3);
    (caller, change(), content_type, option::of(text()), query, headers).prop_map(
        |(caller, change, content_type, segment, query, headers)| Attack {
            caller,
            change,
            content_type,
            segment,
            query,
            headers,
        },
    )
}

#[test]
fn whatever_comes_is_answered() {
    let operations = operations();
    assert!(operations.len() > 20, "{operations:?}");
    let round = vec(attack(), operations.len());
    property(
        ROUNDS,
        round,
        async |_| RefCell::new(People::default()),
        async |app, people, round| {
            for (operation, attack) in operations.iter().zip(round) {
                let person = People::whoever(people, app, &attack.caller).await;
                let request = request(operation, attack, &person);
                let reply = app.send(request).await;
                assert_harmless(&reply);
            }
        },
    );
}

#[test]
fn no_body_makes_an_answer_that_nobody_can_bear() {
    test(async |app| {
        let unknown: Map<String, Value> =
            (0..20_000).map(|number| (format!("{number:x}"), json!(1))).collect();
        let tildes: Map<String, Value> = (0..200).map(|length| ("~".repeat(length * 6), json!(1))).collect();
        for operation in operations().into_iter().filter(|operation| operation.method == Method::POST) {
            for body in [&unknown, &tildes] {
                let reply = app.post(&operation.path, Value::Object(body.clone())).await;
                assert_harmless(&reply);
            }
        }
    });
}

/// A request for an operation, as the attack has it.
fn request(operation: &Operation, attack: Attack, person: &Person) -> Request<Body> {
    let mut path = operation.path.clone();
    let ids = [
        ("{user_id}", &person.user_id),
        ("{session_id}", &person.session_id),
        ("{export_id}", &person.user_id),
        ("{product_id}", &person.product_id),
        ("{category_id}", &person.category_id),
    ];
    for (name, real) in ids {
        let segment = attack.segment.as_ref().map_or_else(|| real.clone(), |text| percent_encoded(text));
        // The gateway takes no longer line of a request than 10 KB.
        let segment: String = segment.chars().take(9_000).collect();
        path = path.replace(name, &segment);
    }
    let query = attack.query.iter().map(|(known, name, value)| {
        let known = known.filter(|_| !operation.query.is_empty());
        let name = known.map_or(name, |at| &operation.query[at.index(operation.query.len())]);
        format!("{}={}", percent_encoded(name), percent_encoded(value))
    });
    let query: Vec<String> = query.collect();
    let mut request =
        Request::builder().method(operation.method.clone()).uri(format!("{path}?{}", query.join("&")));
    let authorization = match attack.caller {
        Caller::Nobody => None,
        Caller::Ada | Caller::Administrator => {
            HeaderValue::from_str(&format!("Bearer {}", person.token)).ok()
        }
        Caller::Garbage(bytes) => HeaderValue::from_bytes(&[b"Bearer ", bytes.as_slice()].concat()).ok(),
    };
    let given = attack
        .headers
        .into_iter()
        .filter_map(|(name, bytes)| Some((name, HeaderValue::from_bytes(&bytes).ok()?)));
    let content_type = HeaderValue::try_from(attack.content_type).ok().map(|value| ("content-type", value));
    for (name, value) in
        authorization.map(|value| ("authorization", value)).into_iter().chain(content_type).chain(given)
    {
        request = request.header(name, value);
    }
    let body = operation.body.as_ref().map_or_else(Vec::new, |valid| attack.change.of(valid));
    request.body(body.into()).unwrap()
}

/// Every operation, with a body that it would take.
fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&local::documents::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                body: schema.is_object().then(|| example("", schema, &document)),
                query: parameters
                    .filter(|parameter| parameter["in"] == "query")
                    .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                    .collect(),
            });
        }
    }
    operations
}

/// A value that a schema allows. What people log in with is what our people do.
fn example(name: &str, schema: &Value, document: &Value) -> Value {
    match name {
        "email" => return json!("person1-marker@example.com"),
        "password" | "current_password" | "new_password" => return json!(PASSWORD),
        "locale" => return json!("en"),
        _ => {}
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return example(name, document.pointer(reference.trim_start_matches('#')).unwrap(), document);
    }
    if let Some(first) = [&schema["examples"][0], &schema["enum"][0]].into_iter().find(|it| !it.is_null()) {
        return first.clone();
    }
    if schema["oneOf"].is_array() {
        return example(name, &schema["oneOf"][0], document);
    }
    match &schema["properties"] {
        Value::Object(properties) => {
            let fields =
                properties.iter().map(|(name, field)| (name.clone(), example(name, field, document)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        _ if schema["type"] == "boolean" => json!(true),
        _ => json!("text"),
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Default)]
struct Person {
    token: String,
    user_id: String,
    session_id: String,
    product_id: String,
    category_id: String,
}

/// Those who are signed in. An attack may delete them, or end their sessions:
/// then others come.
#[derive(Debug, Default)]
struct People {
    ada: Person,
    administrator: Person,
    come: u32,
}

impl People {
    async fn whoever(people: &RefCell<Self>, app: &App, caller: &Caller) -> Person {
        let known = match caller {
            Caller::Nobody | Caller::Ada | Caller::Garbage(_) => people.borrow().ada.clone(),
            Caller::Administrator => people.borrow().administrator.clone(),
        };
        let administrator = matches!(caller, Caller::Administrator);
        // What only an administrator may read.
        let path = if administrator { "/api/v1/users?limit=1" } else { "/api/v1/auth/me" };
        if app.get_as(&known.token, path).await.status == 200 {
            return known;
        }
        let email = {
            let mut people = people.borrow_mut();
            people.come += 1;
            format!("person{}-marker@example.com", people.come)
        };
        let tokens =
            if administrator { app.administrator(&email).await } else { app.register_as(&email).await };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let token = text(&tokens["access_token"]);
        let sessions = app.get_as(&token, "/api/v1/auth/sessions").await.json();
        let session_id = text(&sessions["data"][0]["id"]);
        let user_id = text(&tokens["user"]["id"]);
        // Ada is told what the last administrator has made.
        let Person { mut product_id, mut category_id, .. } = people.borrow().administrator.clone();
        if administrator {
            let make = async |path: &str, body| app.post_as(&token, path, body).await.json()["id"].clone();
            let price = json!({ "amount": 300, "currency": "EUR" });
            product_id = text(&make("/api/v1/products", json!({ "title": "Mint", "price": price })).await);
            category_id = text(&make("/api/v1/categories", json!({ "name": "Herbs" })).await);
        }
        let person = Person { token, user_id, session_id, product_id, category_id };
        let mut people = people.borrow_mut();
        if administrator {
            people.administrator = person.clone();
        } else {
            people.ada = person.clone();
        }
        person
    }
}
