//! The payloads in `events/`, each given to the function that it is for; those
//! of `events/eventbridge/` are in [`super::events`]. README's commands name
//! files of there.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::Value;
use shared::lambda::Invocation;

use crate::harness::test;

fn folder(source: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).join(source)
}

fn fixture(source: &str, name: &str) -> String {
    fs::read_to_string(folder(source).join(name)).unwrap()
}

fn names(source: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder(source))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None }
}

#[test]
fn http_payloads_are_answered() {
    test(async |app| {
        let auth = auth::api(app.environment("AuthApi")).await.unwrap();
        let expected = [("health.json", 200), ("register.json", 201)];
        assert_eq!(names("http"), expected.map(|(name, _)| name));
        for (name, status) in expected {
            let request = lambda_http::request::from_str(&fixture("http", name)).unwrap();
            let response = auth.call(request.map(|body| body.to_vec().into()), invocation()).await;
            assert_eq!(response.status(), status, "{name}");
        }
    });
}

#[test]
fn queue_payloads_are_handled() {
    test(async |app| {
        let consumer = notifications::consumer(app.environment("Notifications")).await.unwrap();
        let expected = [("poison.json", 1), ("user_created.json", 0)];
        assert_eq!(names("sqs"), expected.map(|(name, _)| name));
        for (name, failures) in expected {
            let event = serde_json::from_str(&fixture("sqs", name)).unwrap();
            let response = consumer.call(event, invocation()).await;
            assert_eq!(response.batch_item_failures.len(), failures, "{name}");
        }
    });
}

#[test]
fn stream_payloads_are_published() {
    test(async |app| {
        let publisher = publisher::publisher(app.environment("Publisher")).await.unwrap();
        assert_eq!(names("stream"), ["user_created.json"]);
        let event = serde_json::from_str(&fixture("stream", "user_created.json")).unwrap();
        let response = publisher.call(event, invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        let travelled = app.platform.cloud().travelled();
        assert_eq!(travelled[0].id, "user_01h455vb4pex5vsknk084sn02q.1.0");
    });
}

#[test]
fn schedules_are_followed() {
    test(async |app| {
        let sweeper = orders::sweeper(app.environment("OrdersSweeper")).await.unwrap();
        assert_eq!(names("schedule"), ["sweep.json"]);
        let event: Value = serde_json::from_str(&fixture("schedule", "sweep.json")).unwrap();
        assert_eq!(event["detail-type"], "Scheduled Event");
        sweeper.call(invocation()).await.unwrap();
    });
}

#[test]
fn readme_names_functions_and_files_that_exist() {
    let readme = fs::read_to_string(folder("../README.md")).unwrap();
    let template = local::stack::Template::read(&local::stack::Template::path()).unwrap();
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
            let stack = local::stack::Stack::of(&template, &local::platform::parameters("http://x")).unwrap();
            assert!(stack.functions.values().any(|function| function.bin == bin), "{line}");
            commands += 1;
        }
    }
    assert!(commands >= 2, "README shows how to invoke a function with a payload");
}
