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
