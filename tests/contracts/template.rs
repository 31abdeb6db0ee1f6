//! The hand-written parts of `template.yaml`: one test expects no [`drift`]; the
//! others break the template and expect a message.

use serde_json::{Value, json};

use super::drift::{drift, template};

#[test]
fn the_template_has_no_drift() {
    assert_eq!(drift(&template()), Vec::<String>::new());
}

/// Breaks the template and expects [`drift`] to report `words`.
fn broken(words: &str, by: impl FnOnce(&mut Value)) {
    let mut template = template();
    let before = template.value.clone();
    by(&mut template.value["Resources"]);
    assert_ne!(template.value, before, "nothing was broken");
    let faults = drift(&template);
    assert!(faults.iter().any(|fault| fault.contains(words)), "{words:?} is not in {faults:#?}");
}

fn remove(value: &mut Value, key: &str) {
    assert!(value.as_object_mut().unwrap().remove(key).is_some(), "{key}");
}

#[test]
fn a_missing_route_is_seen() {
    broken("routes: get /.well-known/jwks.json leads to Some(\"Web\"), not AuthApi", |resources| {
        let events = resources["AuthApi"]["Properties"]["Events"].as_object_mut().unwrap();
        events.retain(|_, event| event["Properties"]["Path"] != "/.well-known/{proxy+}");
    });
}

#[test]
fn a_changed_mapping_of_the_stream_is_seen() {
    broken("Publisher: filters are", |resources| {
        let stream = &mut resources["Publisher"]["Properties"]["Events"]["Stream"];
        remove(&mut stream["Properties"], "FilterCriteria");
    });
    broken("Publisher: has 0 stream mappings", |resources| {
        remove(&mut resources["Publisher"]["Properties"], "Events");
    });
}

#[test]
fn an_unknown_function_is_seen() {
    broken("functions: \"Stray\" only in the template", |resources| {
        resources["Stray"] = resources["Web"].clone();
    });
}

#[test]
fn a_resource_that_sam_makes_too_is_seen() {
    broken("UsersApiUsersSlashPermission: SAM makes", |resources| {
        resources["UsersApiUsersSlashPermission"] = resources["UsersApiUsersSlashInvocation"].clone();
    });
}

#[test]
fn a_dangling_reference_is_seen() {
    broken("NotificationsDeadLetters", |resources| remove(resources, "NotificationsDeadLetters"));
}

#[test]
fn a_log_that_is_kept_for_ever_or_names_people_is_seen() {
    broken("ApiLog: RetentionInDays is null", |resources| {
        remove(&mut resources["ApiLog"]["Properties"], "RetentionInDays");
    });
    broken("Api: the access log tells $context.identity", |resources| {
        resources["Api"]["Properties"]["AccessLogSettings"]["Format"] = "$context.identity.sourceIp".into();
    });
}

#[test]
fn actions_beyond_the_boundary_are_reported() {
    broken("AuthApi: dynamodb:UpdateTable is beyond the boundary", |resources| {
        let statement = &mut resources["AuthApi"]["Properties"]["Policies"][0]["Statement"][0];
        statement["Action"] = json!(["dynamodb:GetItem", "dynamodb:UpdateTable"]);
    });
    broken("UsersApi: dynamodb:GetItem is beyond the boundary", |resources| {
        let bounds = &mut resources["FunctionBoundary"]["Properties"]["PolicyDocument"]["Statement"];
        bounds[0]["Resource"] = "arn:aws:dynamodb:us-east-1:000000000000:table/another".into();
    });
}

#[test]
fn a_table_or_bus_that_could_be_lost_is_seen() {
    for property in
        ["PointInTimeRecoverySpecification", "SSESpecification", "BillingMode", "DeletionProtectionEnabled"]
    {
        broken(&format!("Table: {property} is null"), |resources| {
            remove(&mut resources["Table"]["Properties"], property);
        });
    }
    broken("Table: DeletionPolicy is \"Delete\"", |resources| {
        resources["Table"]["DeletionPolicy"] = "Delete".into();
    });
    broken("Bus: has no archive", |resources| remove(resources, "BusArchive"));
}

#[test]
fn a_queue_that_forgets_or_is_open_is_seen() {
    broken("NotificationsQueue: MessageRetentionPeriod is 60", |resources| {
        resources["NotificationsQueue"]["Properties"]["MessageRetentionPeriod"] = 60.into();
    });
    broken("NotificationsQueuePolicy: whoever", |resources| {
        let policy = &mut resources["NotificationsQueuePolicy"]["Properties"]["PolicyDocument"];
        remove(&mut policy["Statement"][0], "Condition");
    });
    broken("has no MaximumConcurrency", |resources| {
        let messages = &mut resources["Notifications"]["Properties"]["Events"]["Messages"];
        remove(&mut messages["Properties"], "ScalingConfig");
    });
    broken("Api: has no ThrottlingRateLimit", |resources| {
        remove(&mut resources["Api"]["Properties"]["DefaultRouteSettings"], "ThrottlingRateLimit");
    });
}

#[test]
fn a_template_beyond_a_limit_is_reported() {
    let route = |number: usize| {
        let path = format!("/api/v1/things{number}");
        json!({ "Type": "HttpApi", "Properties": { "ApiId": { "Ref": "Api" }, "Method": "ANY", "Path": path } })
    };
    let crowd = |resources: &mut Value| {
        let events = resources["Web"]["Properties"]["Events"].as_object_mut().unwrap();
        events.extend((0..300).map(|number| (format!("Event{number}"), route(number))));
    };
    broken("Api: integrations:", crowd);
    broken("Web: its policy for callers has", crowd);
    broken("the stack: resources:", |resources| {
        let queue = resources["PublisherDeadLetters"].clone();
        let all = resources.as_object_mut().unwrap();
        all.extend((0..500).map(|number| (format!("Queue{number}"), queue.clone())));
    });
    broken("FunctionBoundary: has", |resources| {
        let bounds = &mut resources["FunctionBoundary"]["Properties"]["PolicyDocument"]["Statement"];
        bounds[0]["Resource"] = "x".repeat(6_144).into();
    });
    broken("AuthApi: its role's policies have", |resources| {
        let policy = &mut resources["AuthApi"]["Properties"]["Policies"][0]["Statement"];
        policy[0]["Resource"] = "x".repeat(10_240).into();
    });
    broken("the template has bytes:", |resources| {
        resources["Bus"]["Metadata"] = "x".repeat(1_000_000).into();
    });
}
