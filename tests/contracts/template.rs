//! `template.yaml` <-> the code: one test wants no [`drift`], the others break
//! the template by hand and want it to be said.

use serde_json::{Value, json};

use super::drift::{drift, template};

#[test]
fn template_and_code_say_the_same() {
    assert_eq!(drift(&template()), Vec::<String>::new());
}

/// Breaks the template and wants [`drift`] to say `words`.
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
fn a_missing_or_unknown_variable_is_seen() {
    broken("variables of AuthApi: \"TOKEN_ISSUER\" only in the code", |resources| {
        remove(&mut resources["AuthApi"]["Properties"]["Environment"]["Variables"], "TOKEN_ISSUER");
    });
    broken("variables of Web: \"COLOUR\" only in the template", |resources| {
        resources["Web"]["Properties"]["Environment"]["Variables"]["COLOUR"] = "red".into();
    });
}

#[test]
fn a_widened_prefix_and_an_unbound_one_are_seen() {
    let widen = |resources: &mut Value, id: &str, keys: Value| {
        let statements = resources[id]["Properties"]["Policies"][0]["Statement"].as_array_mut().unwrap();
        let table =
            statements.iter_mut().find(|it| it["Condition"]["ForAllValues:StringLike"].is_object()).unwrap();
        table["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] = keys;
    };
    broken("read prefixes of Notifications", |resources| {
        widen(resources, "Notifications", json!(["USER#*", "SESSION#*"]));
    });
    broken("prefixes of Notifications: \"*\" only in the template", |resources| {
        widen(resources, "Notifications", json!(["*"]));
    });
    broken("without Null", |resources| {
        let statement = &mut resources["AuthApi"]["Properties"]["Policies"][0]["Statement"][0];
        remove(&mut statement["Condition"], "Null");
    });
    broken("allows dynamodb:Scan", |resources| {
        let statement = &mut resources["AuthApi"]["Properties"]["Policies"][0]["Statement"][0];
        statement["Action"] = json!(["dynamodb:GetItem", "dynamodb:Scan"]);
    });
}

#[test]
fn a_missing_secret_is_seen() {
    broken("secrets of Notifications: \"mail-link-key\" only in the code", |resources| {
        let statements =
            resources["Notifications"]["Properties"]["Policies"][0]["Statement"].as_array_mut().unwrap();
        statements.retain(|statement| statement["Sid"] != "KeepSecrets");
    });
}

#[test]
fn a_missing_or_changed_mapping_is_seen() {
    broken("Notifications: listens to events and has no queue", |resources| {
        remove(&mut resources["Notifications"]["Properties"], "Events");
    });
    broken("Publisher: filters are", |resources| {
        for event in resources["Publisher"]["Properties"]["Events"].as_object_mut().unwrap().values_mut() {
            remove(&mut event["Properties"], "FilterCriteria");
        }
    });
    broken("events of Notifications: \"user.created\" only in the code", |resources| {
        resources["NotificationsRule"]["Properties"]["EventPattern"]["detail-type"] = json!(["user.deleted"]);
    });
}

#[test]
fn a_missing_or_changed_schedule_is_seen() {
    broken("schedules: (\"OrdersSweeper\", \"rate(1 minute)\") only in the code", |resources| {
        let schedule = &mut resources["OrdersSweeper"]["Properties"]["Events"]["EveryMinute"]["Properties"];
        schedule["Schedule"] = "rate(1 hour)".into();
    });
}

#[test]
fn a_missing_dead_letter_queue_is_seen() {
    broken("NotificationsQueue: has no dead-letter queue", |resources| {
        remove(&mut resources["NotificationsQueue"]["Properties"], "RedrivePolicy");
    });
    broken("has no dead-letter queue", |resources| {
        remove(&mut resources["NotificationsRule"]["Properties"]["Targets"][0], "DeadLetterConfig");
    });
    broken("NotificationsDeadLetters", |resources| remove(resources, "NotificationsDeadLetters"));
}

#[test]
fn a_missing_log_group_is_seen() {
    broken("Web: has no log group with a retention", |resources| {
        remove(&mut resources["Web"]["Properties"], "LoggingConfig");
    });
}

#[test]
fn a_missing_changed_or_left_over_alarm_is_seen() {
    broken("WebErrorsAlarm: differs", |resources| remove(resources, "WebErrorsAlarm"));
    broken("NotificationsDeadLettersAlarm: differs", |resources| {
        resources["NotificationsDeadLettersAlarm"]["Properties"]["Threshold"] = 100.into();
    });
    // An alarm follows what it watches: four fifths of the time-out.
    broken("UsersApiSlowAlarm: differs", |resources| {
        resources["UsersApi"]["Properties"]["Timeout"] = 20.into();
    });
    broken("GoneErrorsAlarm: watches what is not there", |resources| {
        resources["GoneErrorsAlarm"] = resources["WebErrorsAlarm"].clone();
    });
    broken("Dashboard: differs", |resources| remove(resources, "Dashboard"));
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
fn what_goes_beyond_the_boundary_is_seen() {
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
