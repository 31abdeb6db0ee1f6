//! Every type of event <-> its golden file <-> who listens to it.

use local::functions::FUNCTIONS;
use shared::bus::{DomainEvent, Envelope};

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
