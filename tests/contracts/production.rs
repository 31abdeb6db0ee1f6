//! Operational properties that no request shows: retention, bounds, backups. Checked
//! for every function, queue and log group of the template, including new ones.

use local::stack::{Effect, Function, Stack, Statement, Template};
use serde_json::{Value, json};

/// Every violation.
pub fn faults(template: &Template, stack: &Stack) -> Vec<String> {
    let resources = Resources(&template.value["Resources"]);
    [
        boundary_faults(template, stack),
        log_faults(&resources),
        api_faults(&resources),
        table_faults(&resources),
        bus_faults(&resources),
        queue_faults(&resources, stack),
    ]
    .concat()
}

struct Resources<'a>(&'a Value);

impl Resources<'_> {
    fn of(&self, kind: &str) -> impl Iterator<Item = (&String, &Value)> {
        let all = self.0.as_object().into_iter().flatten();
        all.filter(move |(_, resource)| resource["Type"] == kind)
    }
}

/// The properties of `id` that differ from those required.
fn unlike(id: &str, properties: &Value, wanted: &Value) -> Vec<String> {
    let wanted = wanted.as_object().into_iter().flatten();
    let wrong = wanted.filter(|(name, value)| properties[name.as_str()] != **value);
    wrong.map(|(name, value)| format!("{id}: {name} is {}, not {value}", properties[name.as_str()])).collect()
}

/// Every function has a permissions boundary, and its policy stays within it: AWS
/// would deny the rest.
fn boundary_faults(template: &Template, stack: &Stack) -> Vec<String> {
    let mut faults = Vec::new();
    if template.value["Globals"]["Function"]["PermissionsBoundary"].is_null() {
        faults.push("Globals: no boundary for the permissions of functions".to_owned());
    }
    for function in stack.functions.values() {
        for statement in function.statements.iter().filter(|it| it.effect == Effect::Allow) {
            let beyond = statement.actions.iter().filter(|action| !is_within(function, action, statement));
            faults.extend(beyond.map(|action| format!("{}: {action} is beyond the boundary", function.id)));
        }
    }
    faults
}

fn is_within(function: &Function, action: &String, statement: &Statement) -> bool {
    let reaches = |bound: &str, resource: &str| match bound.strip_suffix('*') {
        Some(prefix) => resource.starts_with(prefix),
        None => resource == bound,
    };
    statement.resources.iter().all(|resource| {
        let mut bounds = function.boundary.iter().filter(|bound| bound.actions.contains(action));
        bounds.any(|bound| bound.resources.iter().any(|bound| reaches(bound, resource)))
    })
}

/// Every log group has a retention.
fn log_faults(resources: &Resources<'_>) -> Vec<String> {
    let groups = resources.of("AWS::Logs::LogGroup");
    let wanted = json!({ "RetentionInDays": { "Ref": "LogRetentionDays" } });
    groups.flat_map(|(id, group)| unlike(id, &group["Properties"], &wanted)).collect()
}

/// The API has a rate limit, an access log without personal data, and with a domain no
/// other address.
fn api_faults(resources: &Resources<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (id, api) in resources.of("AWS::Serverless::HttpApi") {
        let properties = &api["Properties"];
        let closed = json!({ "Fn::If": ["HasDomain", true, false] });
        let wanted = json!({ "StageName": "$default", "DisableExecuteApiEndpoint": closed });
        faults.extend(unlike(id, properties, &wanted));
        for limit in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
            if properties["DefaultRouteSettings"][limit].as_u64().is_none_or(|limit| limit == 0) {
                faults.push(format!("{id}: has no {limit}"));
            }
        }
        let format = properties["AccessLogSettings"]["Format"].as_str().unwrap_or_default();
        for personal in ["identity", "sourceIp", "userAgent", "path", "authorizer"] {
            if format.contains(&format!("$context.{personal}")) {
                faults.push(format!("{id}: the access log tells $context.{personal}"));
            }
        }
    }
    faults
}

/// The table survives deletion of the stack and operators' mistakes.
fn table_faults(resources: &Resources<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (id, table) in resources.of("AWS::DynamoDB::Table") {
        faults.extend(unlike(
            id,
            table,
            &json!({ "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain" }),
        ));
        let wanted = json!({
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": { "Ref": "DeletionProtection" },
            "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
            "SSESpecification": { "SSEEnabled": true },
        });
        faults.extend(unlike(id, &table["Properties"], &wanted));
    }
    faults
}

/// Every bus has an archive.
fn bus_faults(resources: &Resources<'_>) -> Vec<String> {
    let archived = |bus: &str| {
        let mut archives = resources.of("AWS::Events::Archive");
        archives.any(|(_, archive)| archive["Properties"]["SourceArn"]["Fn::GetAtt"][0] == bus)
    };
    let buses = resources.of("AWS::Events::EventBus").filter(|(id, _)| !archived(id));
    buses.map(|(id, _)| format!("{id}: has no archive")).collect()
}

/// Queues have the maximum retention, accept messages from their own rule only, and
/// have bounded concurrency.
fn queue_faults(resources: &Resources<'_>, stack: &Stack) -> Vec<String> {
    let wanted = json!({ "MessageRetentionPeriod": 1_209_600, "SqsManagedSseEnabled": true });
    let queues = resources.of("AWS::SQS::Queue");
    let mut faults: Vec<String> =
        queues.flat_map(|(id, queue)| unlike(id, &queue["Properties"], &wanted)).collect();
    for (id, policy) in resources.of("AWS::SQS::QueuePolicy") {
        let statements = policy["Properties"]["PolicyDocument"]["Statement"].as_array().into_iter().flatten();
        let open = statements.filter(|it| it["Condition"]["ArnEquals"]["aws:SourceArn"].is_null());
        faults.extend(open.map(|_| format!("{id}: whoever the service acts for may send")));
    }
    let mappings = stack.functions.values().flat_map(|function| &function.queues);
    let boundless = mappings.filter(|mapping| mapping.concurrency.is_none());
    faults.extend(boundless.map(|mapping| format!("{}: has no MaximumConcurrency", mapping.place)));
    faults
}
