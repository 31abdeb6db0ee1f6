//! The declared cost of every store operation <-> the measured cost of a typical
//! item.

use std::collections::BTreeSet;

use shared::{table::units::Units, telemetry::Consumption};

use super::everything::everything;
use crate::harness::{lines::operations, test};

#[test]
fn every_operation_is_seen_and_reaches_its_budget() {
    // The harness checks the upper bound; this test checks that no budget is larger
    // than necessary.
    test(async |app| {
        everything(app).await;
        let measured = app.lines.measured();
        // Operations of the start, and of items of any number and size.
        let others = BTreeSet::from([
            "identity.put_jwks",
            "users.erasure.list",
            "users.erasure.remove",
            "identity.export.list_unwanted",
            "identity.export.remove_unwanted",
            "events.remove_from_agenda_log",
        ]);
        let faults: Vec<String> = operations()
            .filter(|operation| !others.contains(operation.name))
            .filter_map(|operation| {
                let seen = measured.get(operation.name).map(Vec::as_slice).unwrap_or_default();
                let reached = seen.iter().any(|seen| reaches(*seen, operation.budget));
                let kept = seen.iter().all(|seen| keeps(*seen, operation.budget));
                (!reached || !kept).then(|| format!("{}: {seen:?} of {:?}", operation.name, operation.budget))
            })
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    });
}

/// True if no use of an operation exceeded its budget.
fn keeps(Consumption { uses, units }: Consumption, budget: Units) -> bool {
    let all = |of_one: f64| of_one * f64::from(uses);
    units.round_trips <= budget.round_trips * uses
        && units.read <= all(budget.read)
        && units.write <= all(budget.write)
}

/// True if each use of an operation took its whole budget.
fn reaches(Consumption { uses, units }: Consumption, budget: Units) -> bool {
    let all = |of_one: f64| of_one * f64::from(uses);
    // Concurrent uses are one round trip, sequential ones one each.
    (budget.round_trips..=budget.round_trips * uses).contains(&units.round_trips)
        && Units { round_trips: 0, ..units }
            == Units { round_trips: 0, read: all(budget.read), write: all(budget.write) }
}

#[test]
fn names_of_operations_are_unique() {
    let names: Vec<_> = operations().map(|operation| operation.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
