//! Every type of event <-> its golden file <-> its schema <-> its writers and
//! consumers.

use std::{collections::BTreeSet, fs};

use local::functions::FUNCTIONS;
use serde_json::Value;
use shared::bus::{DomainEvent, Envelope, events::OPERATOR};

use super::everything::everything;
use crate::harness::test;

fn golden(kind: &str) -> String {
    let path = format!("{}/../events/eventbridge/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_type_has_a_golden_file_that_is_read_and_written_alike() {
    for kind in DomainEvent::TYPES {
        let file: serde_json::Value = serde_json::from_str(&golden(kind)).unwrap();
        assert_eq!(file["detail-type"], *kind);
        let envelope = Envelope::decode(&file["detail"].to_string()).unwrap();
        assert_eq!(file["source"], envelope.source);
        assert_eq!(serde_json::to_value(&envelope).unwrap(), file["detail"]);
    }
}

#[test]
fn every_listened_type_exists() {
    for kind in FUNCTIONS.iter().flat_map(|declared| declared.listens_to) {
        assert!(DomainEvent::TYPES.contains(kind), "{kind}");
    }
}

#[test]
fn every_golden_event_fits_its_schema() {
    for kind in DomainEvent::TYPES {
        let path = format!("{}/../docs/events/{kind}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let mut event: Value = serde_json::from_str(&golden(kind)).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&event["detail"]).map(|error| error.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{kind}");
        event["detail"]["data"] = Value::from("nothing");
        assert!(!validator.is_valid(&event["detail"]), "{kind}: its schema takes any data");
    }
}

#[test]
fn there_is_no_schema_of_a_type_that_is_none() {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/events")).unwrap();
    let found: BTreeSet<String> =
        folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let wanted = DomainEvent::TYPES.iter().map(|kind| format!("{kind}.schema.json")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_type_is_written_by_the_groups_that_its_row_names() {
    test(async |app| {
        everything(app).await;
        app.platform.settle().await;
        let travelled = app.platform.cloud().travelled().into_iter();
        let seen: BTreeSet<(String, String)> = travelled.map(|event| (event.r#type, event.source)).collect();
        for document in DomainEvent::DOCUMENTS {
            let of_this = seen.iter().filter(|(kind, _)| kind == document.kind);
            let found: BTreeSet<&str> = of_this.filter_map(|(_, source)| group_of(source)).collect();
            let named: BTreeSet<&str> = document.groups.iter().copied().collect();
            let unnamed: Vec<_> = found.difference(&named).collect();
            assert!(unnamed.is_empty(), "{}: {unnamed:?} write it too", document.kind);
            // Some types are not written in this scenario.
            let idle = named.difference(&found).filter(|group| !found.is_empty() && **group != OPERATOR);
            let idle: Vec<_> = idle.collect();
            assert!(idle.is_empty(), "{}: {idle:?} do not write it", document.kind);
        }
    });
}

/// The group of a source; `None` for the source of a test.
fn group_of(source: &str) -> Option<&str> {
    let group = source.strip_prefix("agora.")?;
    let known = group == OPERATOR || FUNCTIONS.iter().any(|function| function.group() == group);
    known.then_some(group)
}
