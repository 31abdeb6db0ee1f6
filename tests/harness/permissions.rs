//! A connection to the cloud that refuses calls as AWS would: each call of a function
//! is checked against its policy in the template.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorFuture, SharedHttpClient},
    orchestrator::HttpRequest,
};
use local::stack::{ACCOUNT, Function, REGION};
use serde_json::Value;

use super::{
    between::{answer, between},
    policy::{Action, Decision, decide},
};

/// Denied and allowed calls of the functions of a platform.
#[derive(Debug, Clone, Default)]
pub struct Permissions(Arc<Mutex<Record>>);

#[derive(Debug, Default)]
struct Record {
    denied: Vec<String>,
    allowed: BTreeSet<Allowed>,
}

/// An allowed action of a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowed {
    /// Logical id of the function.
    pub function: String,
    /// `dynamodb:GetItem`.
    pub action: String,
    /// The matching pattern: of leading keys, or of the resource if the statement has
    /// no leading keys.
    pub pattern: String,
}

impl Permissions {
    /// Wraps `inner`: enforces the policy of `function`.
    pub fn hold(&self, function: &Function, inner: SharedHttpClient) -> SharedHttpClient {
        let gate = Gate { function: function.clone(), record: self.clone() };
        between(inner, move |request, cloud| {
            if gate.admits(&request) {
                return cloud.call(request);
            }
            HttpConnectorFuture::ready(Ok(answer(400, r#"{"__type":"AccessDeniedException"}"#)))
        })
    }

    /// Denied calls.
    pub fn denied(&self) -> Vec<String> {
        self.0.lock().unwrap().denied.clone()
    }

    /// Allowed calls, by pattern.
    pub fn allowed(&self) -> BTreeSet<Allowed> {
        self.0.lock().unwrap().allowed.clone()
    }
}

#[derive(Debug, Clone)]
struct Gate {
    function: Function,
    record: Permissions,
}

impl Gate {
    /// True if the policy allows all actions of a request.
    fn admits(&self, request: &HttpRequest) -> bool {
        let mut record = self.record.0.lock().unwrap();
        let Some(actions) = actions(request) else {
            record.denied.push(format!("{}: a call that nobody knows: {}", self.function.id, request.uri()));
            return false;
        };
        for action in actions {
            match decide(&self.function, &action) {
                Decision::Allowed(patterns) => {
                    record.allowed.extend(patterns.into_iter().map(|pattern| Allowed {
                        function: self.function.id.clone(),
                        action: action.name.clone(),
                        pattern,
                    }));
                }
                Decision::Denied => {
                    record.denied.push(format!("{}: {action:?}", self.function.id));
                    return false;
                }
            }
        }
        true
    }
}

/// Actions of a request, named as in policies; `None` for an unknown call.
pub fn actions(request: &HttpRequest) -> Option<Vec<Action>> {
    let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).ok()?;
    match request.headers().get("x-amz-target").and_then(|target| target.split_once('.')) {
        Some(("DynamoDB_20120810", operation)) => dynamodb(operation, &body),
        Some(("AmazonSSM", operation)) => Some(ssm(operation, &body)),
        Some(("AWSEvents", operation)) => Some(events(operation, &body)),
        Some(("AmazonSQS", operation)) => {
            let queue = text(&body["QueueUrl"]);
            let queue = queue.rsplit('/').next().unwrap_or_default();
            Some(vec![action("sqs", operation, format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"))])
        }
        None if request.uri().ends_with("/v2/email/outbound-emails") => {
            let from = text(&body["FromEmailAddress"]);
            let identity = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{from}");
            let mut send = action("ses", "SendEmail", identity);
            send.context.insert("ses:FromAddress", vec![from]);
            Some(vec![send])
        }
        Some(_) | None => None,
    }
}

fn action(service: &str, name: &str, resource: String) -> Action {
    Action { name: format!("{service}:{name}"), resource, context: BTreeMap::new() }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn ssm(operation: &str, body: &Value) -> Vec<Action> {
    let names = body["Names"].as_array().into_iter().flatten().chain([&body["Name"]]);
    names
        .filter_map(Value::as_str)
        .map(|name| {
            let mut action =
                action("ssm", operation, format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}"));
            if let Some(overwrite) = body["Overwrite"].as_bool() {
                action.context.insert("ssm:Overwrite", vec![overwrite.to_string()]);
            }
            action
        })
        .collect()
}

fn events(operation: &str, body: &Value) -> Vec<Action> {
    let entries = body["Entries"].as_array().into_iter().flatten();
    let buses = entries.map(|entry| text(&entry["EventBusName"]));
    buses
        .map(|bus| action("events", operation, format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{bus}")))
        .collect()
}

/// Transactions have no action of their own: each part needs its own action.
fn dynamodb(operation: &str, body: &Value) -> Option<Vec<Action>> {
    let item = |name: &str, request: &Value| {
        let key = if name == "PutItem" { &request["Item"] } else { &request["Key"] };
        with_leading_keys(action("dynamodb", name, table(request)), key["pk"]["S"].as_str())
    };
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => Some(vec![item(operation, body)]),
        "Query" => Some(vec![query(body)]),
        "BatchGetItem" => Some(body["RequestItems"].as_object()?.iter().map(batch).collect()),
        "TransactWriteItems" => body["TransactItems"]
            .as_array()?
            .iter()
            .map(|part| {
                let (kind, request) = part.as_object()?.iter().next()?;
                let name = match kind.as_str() {
                    "Put" => "PutItem",
                    "Update" => "UpdateItem",
                    "Delete" => "DeleteItem",
                    "ConditionCheck" => "ConditionCheckItem",
                    _ => return None,
                };
                Some(item(name, request))
            })
            .collect(),
        // An unknown operation is denied; a new one needs a line here.
        _ => None,
    }
}

fn batch((table, request): (&String, &Value)) -> Action {
    let mut action =
        action("dynamodb", "BatchGetItem", format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"));
    let keys = request["Keys"].as_array().into_iter().flatten();
    let keys: Vec<String> = keys.map(|key| text(&key["pk"]["S"])).collect();
    action.context.insert("dynamodb:LeadingKeys", keys);
    action
}

fn table(request: &Value) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{}", text(&request["TableName"]))
}

fn with_leading_keys(mut action: Action, key: Option<&str>) -> Action {
    if let Some(key) = key {
        action.context.insert("dynamodb:LeadingKeys", vec![key.to_owned()]);
    }
    action
}

fn query(request: &Value) -> Action {
    let resource = match request["IndexName"].as_str() {
        Some(index) => format!("{}/index/{index}", table(request)),
        None => table(request),
    };
    // The partition key comes first: `#pk = :pk AND …`.
    let condition = text(&request["KeyConditionExpression"]);
    let value = condition.split_whitespace().nth(2).unwrap_or_default();
    let key = request["ExpressionAttributeValues"][value]["S"].as_str();
    with_leading_keys(action("dynamodb", "Query", resource), key)
}
