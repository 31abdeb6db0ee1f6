//! The declared cost of every store operation <-> what a typical item costs.

use std::collections::BTreeSet;

use crate::harness::{lines::operations, test};

#[test]
fn every_operation_is_seen_and_reaches_its_budget() {
    test(async |app| {
        // One registration goes the whole way; the harness holds the upper
        // bound, this test that no budget is more generous than need be.
        let tokens = app.register().await;
        app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await;
        app.platform.settle().await;
        app.confirm_email("ada-marker@example.com").await;
        // The keys were made before the first line: read them once more.
        app.advance(std::time::Duration::from_mins(2));
        app.get("/.well-known/jwks.json").await;

        let measured = app.lines.measured();
        let starts = BTreeSet::from(["identity.put_jwks"]);
        for operation in operations().filter(|operation| !starts.contains(operation.name)) {
            let seen =
                measured.get(operation.name).unwrap_or_else(|| panic!("{} was not seen", operation.name));
            assert!(
                seen.contains(&operation.budget),
                "{}: {seen:?} of {:?}",
                operation.name,
                operation.budget
            );
        }
    });
}

#[test]
fn names_of_operations_are_unique() {
    let names: Vec<_> = operations().map(|operation| operation.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
