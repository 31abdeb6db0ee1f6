//! `ARCHITECTURE.md` <-> the permissions of members.

use std::fs;

use shared::{membership::MemberAction, vocabulary::OrganizationRole};

#[test]
fn architecture_shows_what_each_role_may_do() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../ARCHITECTURE.md")).unwrap();
    let head: Vec<String> = OrganizationRole::ALL.iter().map(|role| format!(" {role} |")).collect();
    let head = head.concat();
    let mut table = vec![format!("| action |{head}\n|---|{}\n", "---|".repeat(OrganizationRole::ALL.len()))];
    for action in MemberAction::ALL {
        let cell = |role: &OrganizationRole| if action.is_of(*role) { " x |" } else { " - |" };
        let cells = OrganizationRole::ALL.iter().map(cell).collect::<String>();
        table.push(format!("| `{action}` |{cells}\n"));
    }
    let table = table.concat();
    assert!(text.contains(&table), "ARCHITECTURE.md should have:\n{table}");
}
