//! The payloads in `events/`, each sent to its function. The reply must match the
//! file beside it, `<name>.expected.json`, which also names the `cause` if a message
//! fails, and the HTTP payloads that come before it (`after`): `{access_token}` and `{id}`
//! are of their replies. A golden event (`events/eventbridge/`) goes to each of its consumers.
//! `tests/fixtures/run` does the same with the release bootstraps. README's commands
//! name some of the files.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use local::{
    functions::{Declared, FUNCTIONS, Handler},
    stack::{Stack, Template},
};
use serde_json::{Value, json};
use shared::{
    bus::DomainEvent,
    lambda::{Invocation, gateway},
};

use crate::harness::{App, test};

fn folder(source: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).join(source)
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of a folder's payloads, without the expected replies.
fn payloads(source: &str) -> Vec<String> {
    let names = fs::read_dir(folder(source)).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
    names.retain(|name| !name.ends_with(".expected"));
    names.sort();
    names
}

/// Sends `payload` to an instance of the function, as Lambda does, and returns its
/// reply in Lambda's form.
async fn invoke(app: &App, id: &str, payload: &Value) -> Value {
    let declared = FUNCTIONS.iter().find(|declared| declared.id == id).unwrap_or_else(|| panic!("no {id}"));
    let handler = (declared.start)(app.environment(id)).await.unwrap();
    let address = payload["requestContext"]["http"]["sourceIp"].as_str().and_then(|text| text.parse().ok());
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let invocation = Invocation { deadline, client_address: address };
    let text = payload.to_string();
    match handler {
        Handler::Http(service) => {
            let request = gateway::request(serde_json::from_str(&text).unwrap());
            let response = service.call(request, invocation).await;
            serde_json::to_value(gateway::response(response).await).unwrap()
        }
        Handler::Queue(handler) => {
            let event = serde_json::from_str(&text).unwrap();
            serde_json::to_value(handler.call(event, invocation).await).unwrap()
        }
        Handler::Stream(handler) => {
            let event = serde_json::from_str(&text).unwrap();
            serde_json::to_value(handler.call(event, invocation).await).unwrap()
        }
        Handler::Schedule(handler) => {
            handler.call(invocation).await.unwrap();
            Value::Null
        }
    }
}

/// True if `found` contains everything expected; a text is parsed as JSON if an
/// object is expected.
fn holds(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| holds(value, found)))
        }
        (Value::Object(_), Value::String(text)) => {
            serde_json::from_str(text).is_ok_and(|found: Value| holds(expected, &found))
        }
        (expected, found) => expected == found,
    }
}

/// Sends an HTTP payload after those that its expectation names; returns its reply.
async fn invoke_after(app: &App, name: &str, expected: &Value) -> Value {
    let mut known: Vec<(&str, String)> = Vec::new();
    let mut reply = Value::Null;
    let before = expected["after"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap());
    for name in before.chain([name]) {
        let mut payload = read(&folder("http").join(format!("{name}.json"))).to_string();
        for (field, value) in &known {
            payload = payload.replace(&format!("{{{field}}}"), value);
        }
        let function = read(&folder("http").join(format!("{name}.expected.json")))["function"].clone();
        let payload = serde_json::from_str(&payload).unwrap();
        reply = invoke(app, function.as_str().unwrap(), &payload).await;
        let body: Value =
            serde_json::from_str(reply["body"].as_str().unwrap_or_default()).unwrap_or_default();
        for field in ["access_token", "id"] {
            if let Some(value) = body[field].as_str() {
                known.retain(|(known, _)| *known != field);
                known.push((field, value.to_owned()));
            }
        }
    }
    reply
}

#[test]
fn every_payload_gets_the_reply_beside_it() {
    for source in ["http", "sqs", "stream", "schedule"] {
        for name in payloads(source) {
            test(async |app| {
                let expected = read(&folder(source).join(format!("{name}.expected.json")));
                let reply = if source == "http" {
                    invoke_after(app, &name, &expected).await
                } else {
                    let payload = read(&folder(source).join(format!("{name}.json")));
                    invoke(app, expected["function"].as_str().unwrap(), &payload).await
                };
                let wanted = &expected["reply"];
                if let Some(cause) = expected["cause"].as_str() {
                    app.expects_errors(&[format!("failed: {cause}").leak()]);
                }
                assert!(holds(wanted, &reply), "{source}/{name}: {wanted:#} is not in {reply:#}");
                if let Some(published) = expected.get("published") {
                    let travelled = app.platform.cloud().travelled().into_iter().map(|event| event.id);
                    assert_eq!(&travelled.collect::<Value>(), published, "{source}/{name}");
                }
            });
        }
    }
}

#[test]
fn every_golden_event_is_taken_by_everybody_who_listens() {
    assert_eq!(payloads("eventbridge").len(), DomainEvent::TYPES.len());
    for kind in DomainEvent::TYPES {
        let golden = read(&folder("eventbridge").join(format!("{kind}.json")));
        let batch = json!({ "Records": [{ "messageId": "m", "body": golden.to_string() }] });
        for Declared { id, .. } in FUNCTIONS.iter().filter(|declared| declared.listens_to.contains(kind)) {
            test(async |app| {
                let reply = invoke(app, id, &batch).await;
                assert_eq!(reply, json!({ "batchItemFailures": [] }), "{kind} to {id}");
            });
        }
    }
}

#[test]
fn readme_names_functions_and_files_that_exist() {
    let readme = fs::read_to_string(folder("../README.md")).unwrap();
    let template = Template::read(&Template::path()).unwrap();
    let mut commands = 0;
    for line in readme.lines().filter(|line| line.contains("events/")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |word: &str| words.iter().position(|it| *it == word).map(|at| words[at + 1]);
        for file in words.iter().filter(|word| word.starts_with("events/")) {
            assert!(folder("..").join(file).exists(), "{line}");
        }
        if line.contains("sam local invoke") {
            let id = words[words.iter().rposition(|it| *it == "invoke").unwrap() + 1];
            assert_eq!(
                template.value["Resources"][id]["Type"],
                Value::from("AWS::Serverless::Function"),
                "{line}"
            );
            commands += 1;
        } else if let Some(bin) = after("invoke") {
            let stack = Stack::of(&template, &local::settings::parameters("http://x")).unwrap();
            assert!(stack.functions.values().any(|function| function.bin == bin), "{line}");
            commands += 1;
        }
    }
    assert!(commands >= 2, "README shows how to invoke a function with a payload");
}
