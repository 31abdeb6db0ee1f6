//! Permissions in the functions' policies <-> calls of the functions. Every test of
//! the harness fails if a call is not permitted; these tests fail if a permission is
//! unused, or if the evaluation permits a call that AWS would deny.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use local::stack::{Effect, Function, Stack};
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{EventChanged, UserExportRequested},
    },
    id::UserKind,
};

use super::{drift::template, everything::everything};
use crate::{
    bus::walks::{LISTS, long_lists},
    harness::{
        App,
        permissions::{Allowed, actions},
        policy::{Action, Decision, decide, scope},
        test_with_dead_letters,
        walks::HURRY,
    },
};

fn stack() -> Stack {
    Stack::of(&template(), &local::settings::parameters("https://agora.example")).unwrap()
}

/// Actions by which Lambda itself reads a function's source, and Parameter Store
/// decrypts for it.
const FEEDING: [&str; 9] = [
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
    "kms:Decrypt",
    "kms:Encrypt",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

/// Not used in every run: only the first function that needs a secret creates it.
const MAKING_SECRETS: &str = "ssm:PutParameter";

#[test]
fn every_allowed_action_and_prefix_is_used() {
    test_with_dead_letters(async |app| {
        everything(app).await;
        poison(app).await;
        Box::pin(walks(app)).await;
        let granted: BTreeSet<Allowed> = stack()
            .functions
            .values()
            .flat_map(|function| function.statements.iter().map(move |statement| (function, statement)))
            .filter(|(_, statement)| statement.effect == Effect::Allow)
            .flat_map(|(function, statement)| {
                statement.actions.iter().flat_map(move |action| {
                    scope(statement).iter().map(move |pattern| Allowed {
                        function: function.id.clone(),
                        action: action.clone(),
                        pattern: pattern.clone(),
                    })
                })
            })
            .filter(|allowed| !FEEDING.contains(&allowed.action.as_str()) && allowed.action != MAKING_SECRETS)
            .collect();
        let used = app.permissions.allowed();
        let unused: Vec<_> = granted.difference(&used).collect();
        assert!(unused.is_empty(), "allowed and never used: {unused:#?}");
    });
}

/// Writes an outbox that can never be published.
async fn poison(app: &App) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    app.dynamodb()
        .put_item()
        .table_name(&app.platform.stack().table.name)
        .item("pk", text("POISON"))
        .item("sk", text("POISON"))
        .item("events", text("no envelopes"))
        .send()
        .await
        .unwrap();
    app.platform.settle().await;
}

/// Walks lists that are longer than one delivery of each consumer.
async fn walks(app: &App) {
    app.has_long_lists(&LISTS);
    let (id, consumers) = long_lists(app).await;
    let event = UserExportRequested { export_id: App::id(1), user_id: id };
    for consumer in consumers {
        let event = DomainEvent::UserExportRequested(event.clone());
        assert!(app.hand_over_in(HURRY, &consumer, (event, 1), None).await);
    }
    notices(app).await;
    app.settle_walks().await;
}

/// A notice to the members of an organisation that takes two deliveries.
async fn notices(app: &App) {
    let owner = app.administrator("notices-marker@example.com").await;
    let token = owner["access_token"].as_str().unwrap();
    let made = app.post_as(token, "/api/v1/organizations", json!({ "name": "Society" })).await.json();
    let (organization, user) = (made["id"].as_str().unwrap(), owner["user"]["id"].as_str().unwrap());
    app.copy_item::<UserKind>(&format!("MEMBER#{organization}"), user, user, 60).await;
    let body = json!({ "title": "Evening", "organizer": organization });
    let event = app.post_as(token, "/api/v1/events", body).await.json();
    let outbox = app.outbox(&format!("EVENT#{}", event["id"].as_str().unwrap()), "EVENT").await;
    let changed: EventChanged = serde_json::from_value(outbox[0]["data"].clone()).unwrap();
    let consumer = notifications::consumer(app.environment("Notifications")).await.unwrap();
    let cancelled = DomainEvent::EventCancelled(changed);
    assert!(app.hand_over_in(HURRY, &consumer, (cancelled, 1), None).await);
}

/// True if the policy of `function` permits the call.
fn admits(function: &Function, target: &str, body: &Value) -> bool {
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.headers_mut().insert("x-amz-target", target.to_owned());
    let actions = actions(&request).expect("a known call");
    actions.iter().all(|action| decide(function, action) != Decision::Denied)
}

fn get(pk: &str) -> Value {
    json!({ "TableName": "agora-Table", "Key": { "pk": { "S": pk }, "sk": { "S": "x" } } })
}

#[test]
fn a_prefix_that_is_taken_away_is_denied() {
    let mut auth = stack().functions["AuthApi"].clone();
    assert!(admits(&auth, "DynamoDB_20120810.GetItem", &get("JWKS")));
    for statement in &mut auth.statements {
        if let Some(keys) = statement.conditions.get_mut("ForAllValues:StringLike") {
            keys.get_mut("dynamodb:LeadingKeys").unwrap().retain(|key| key != "JWKS");
        }
    }
    assert!(!admits(&auth, "DynamoDB_20120810.GetItem", &get("JWKS")));
    assert!(admits(&auth, "DynamoDB_20120810.GetItem", &get("USER#1")));
}

#[test]
fn another_groups_items_and_unknown_actions_are_denied() {
    let stack = stack();
    let notifications = &stack.functions["Notifications"];
    assert!(admits(notifications, "DynamoDB_20120810.GetItem", &get("USER#1")));
    assert!(!admits(notifications, "DynamoDB_20120810.GetItem", &get("SESSION#1")));
    assert!(!admits(notifications, "DynamoDB_20120810.DeleteItem", &get("MAIL#1")));
    let foreign = json!({ "TableName": "other", "Key": get("USER#1")["Key"] });
    assert!(!admits(notifications, "DynamoDB_20120810.GetItem", &foreign));
    assert!(!admits(&stack.functions["Web"], "DynamoDB_20120810.GetItem", &get("USER#1")));
}

#[test]
fn each_part_of_a_transaction_is_what_it_would_be_alone() {
    let stack = stack();
    let put = |pk: &str| json!({ "Put": { "TableName": "agora-Table", "Item": { "pk": { "S": pk } } } });
    let both = |pk: &str| json!({ "TransactItems": [put("USER#1"), put(pk)] });
    let auth = &stack.functions["AuthApi"];
    assert!(admits(auth, "DynamoDB_20120810.TransactWriteItems", &both("LOGIN#1")));
    assert!(!admits(auth, "DynamoDB_20120810.TransactWriteItems", &both("MAIL#1")));
}

#[test]
fn a_partition_is_what_a_query_asks_for() {
    let stack = stack();
    let query = |pk: &str| {
        json!({
            "TableName": "agora-Table",
            "KeyConditionExpression": "#pk = :pk AND #sk BETWEEN :from AND :to",
            "ExpressionAttributeNames": { "#pk": "pk", "#sk": "sk" },
            "ExpressionAttributeValues": { ":pk": { "S": pk } },
        })
    };
    let auth = &stack.functions["AuthApi"];
    assert!(admits(auth, "DynamoDB_20120810.Query", &query("REVOKED")));
    assert!(!admits(auth, "DynamoDB_20120810.Query", &query("USER#1")));
    // Without a key, `ForAllValues` alone would allow every call.
    let keyless = json!({ "TableName": "agora-Table", "KeyConditionExpression": "" });
    assert!(!admits(auth, "DynamoDB_20120810.Query", &keyless));
}

#[test]
fn secrets_and_queues_are_named_one_by_one() {
    let stack = stack();
    let read = |names: &[&str]| json!({ "Names": names });
    let notifications = &stack.functions["Notifications"];
    assert!(admits(notifications, "AmazonSSM.GetParameters", &read(&["/agora/local/mail-link-key"])));
    let both = read(&["/agora/local/mail-link-key", "/agora/local/token-keys"]);
    assert!(!admits(notifications, "AmazonSSM.GetParameters", &both));
    let send = |queue: &str| json!({ "QueueUrl": format!("http://127.0.0.1:4566/000000000000/{queue}") });
    let publisher = &stack.functions["Publisher"];
    assert!(admits(publisher, "AmazonSQS.SendMessage", &send("agora-PublisherDeadLetters")));
    assert!(!admits(publisher, "AmazonSQS.SendMessage", &send("agora-NotificationsQueue")));
}

fn allowed(function: &Function, name: &str, resource: &str, context: &[(&'static str, &str)]) -> bool {
    let context = context.iter().map(|(key, value)| (*key, vec![(*value).to_owned()])).collect();
    let action = Action { name: name.to_owned(), resource: resource.to_owned(), context };
    decide(function, &action) != Decision::Denied
}

/// AWS's documentation of stream mappings: besides the three actions on the stream,
/// `ListStreams` on every stream of the table.
#[test]
fn the_streams_mapping_may_list_the_tables_streams() {
    let stack = stack();
    let stream = |table: &str| format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}/stream/any");
    let (publisher, auth) = (&stack.functions["Publisher"], &stack.functions["AuthApi"]);
    assert!(allowed(publisher, "dynamodb:ListStreams", &stream("agora-Table"), &[]));
    assert!(!allowed(publisher, "dynamodb:ListStreams", &stream("other"), &[]));
    assert!(!allowed(auth, "dynamodb:ListStreams", &stream("agora-Table"), &[]));
}

#[test]
fn a_secret_is_made_and_never_replaced_by_a_function() {
    let stack = stack();
    let auth = &stack.functions["AuthApi"];
    let put = |overwrite: Value| {
        let mut body = json!({ "Name": "/agora/local/address-key", "Value": "x" });
        if !overwrite.is_null() {
            body["Overwrite"] = overwrite;
        }
        admits(auth, "AmazonSSM.PutParameter", &body)
    };
    assert!(put(Value::Null) && put(json!(false)));
    assert!(!put(json!(true)));
}

#[test]
fn a_key_is_used_through_the_parameter_store_alone() {
    let stack = stack();
    let key = "arn:aws:kms:us-east-1:000000000000:key/0b1f";
    let (through, beside) = ("ssm.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com");
    for action in ["kms:Decrypt", "kms:Encrypt"] {
        let auth = &stack.functions["AuthApi"];
        assert!(allowed(auth, action, key, &[("kms:ViaService", through)]), "{action}");
        assert!(!allowed(auth, action, key, &[("kms:ViaService", beside)]), "{action}");
        assert!(!allowed(auth, action, key, &[]), "{action}");
        assert!(!allowed(&stack.functions["Web"], action, key, &[("kms:ViaService", through)]), "{action}");
    }
}
