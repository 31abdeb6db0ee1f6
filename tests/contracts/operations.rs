//! `OPERATIONS.md` <-> the alarms and log fields that it explains.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use local::{monitoring, settings::parameters, stack::Stack};
use shared::{
    clock::Timestamp,
    table::units::Units,
    telemetry::{Consumption, Line},
};

use super::drift::template;

fn operations() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../OPERATIONS.md")).unwrap()
}

#[test]
fn every_kind_of_alarm_has_its_section_and_no_other_does() {
    let stack = Stack::of(&template(), &parameters("https://agora.example")).unwrap();
    let kinds: BTreeSet<String> =
        monitoring::alarms(&stack).iter().map(|alarm| alarm.kind.to_string()).collect();
    let text = operations();
    let sections = text.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect();
    assert_eq!(kinds, sections);
}

#[test]
fn bounced_and_unwanted_emails_raise_alarms() {
    let template = template();
    let alarms = template.value["Resources"].as_object().unwrap().values();
    let alarms = alarms.filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm");
    let thresholds: BTreeMap<&str, f64> = alarms
        .map(|alarm| &alarm["Properties"])
        .filter(|alarm| {
            alarm["Namespace"] == "AWS/SES" && alarm["AlarmActions"]["Fn::If"][0] == "HasAlarmTopic"
        })
        .map(|alarm| (alarm["MetricName"].as_str().unwrap(), alarm["Threshold"].as_f64().unwrap()))
        .collect();
    let wanted = [("Reputation.BounceRate", 0.05), ("Reputation.ComplaintRate", 0.001)];
    assert_eq!(thresholds, wanted.into());
}

#[test]
fn every_field_of_a_line_is_explained() {
    let full = Line {
        time: Timestamp::from_millis(0),
        level: "error",
        function: "web",
        stage: String::new(),
        request_id: String::new(),
        caller_request_id: Some(String::new()),
        traceparent: Some(String::new()),
        action: String::new(),
        outcome: String::new(),
        code: Some("code"),
        cause: Some(String::new()),
        actor: Some(String::new()),
        latency_ms: 0.0,
        round_trips: 0,
        read_units: 0.0,
        write_units: 0.0,
        foreign_rows: 1,
        hashes: 1,
        operations: BTreeMap::from([("x", Consumption { uses: 1, units: Units::default() })]),
    };
    let full: serde_json::Value = serde_json::from_str(&full.to_json().unwrap()).unwrap();
    let text = operations();
    for field in full.as_object().unwrap().keys() {
        assert!(text.contains(&format!("`{field}`")), "{field} is not explained");
    }
}
