//! Every word that items, events and tokens use for roles and statuses. A new word
//! needs its row here, and a release that reads it before one that writes it
//! (OPERATIONS.md, "Roll back").

use std::{collections::BTreeSet, fs, path::Path};

/// Vocabularies and their words.
const WORDS: &[(&str, &[&str])] = &[
    ("ActorKind", &["person", "member", "administrator", "system"]),
    ("Availability", &["in_stock", "low", "out_of_stock"]),
    ("BuyerStatus", &["active", "blocked", "deleted"]),
    ("CategoryStatus", &["active", "hidden"]),
    ("EventMode", &["offline", "online", "mixed"]),
    ("EventStatus", &["draft", "published", "rescheduled", "postponed", "cancelled", "completed"]),
    ("EventVisibility", &["listed", "unlisted", "private"]),
    ("InvitationStatus", &["pending", "accepted", "declined", "revoked"]),
    ("Locale", &["en", "ru"]),
    (
        "MemberAction",
        &[
            "view_members",
            "update_profile",
            "change_slug",
            "view_invitations",
            "invite",
            "manage_members",
            "transfer_ownership",
            "delete_organization",
            "view_products",
            "manage_products",
            "view_orders",
            "fulfil_orders",
            "manage_orders",
            "view_events",
            "manage_events",
            "transfer_events",
        ],
    ),
    ("OfferStatus", &["open", "closed"]),
    ("OrderStatus", &["reserved", "confirmed", "fulfilled", "completed", "expired", "cancelled", "refunded"]),
    ("OrganizationRole", &["owner", "admin", "editor", "staff", "viewer"]),
    ("OrganizationStatus", &["active", "blocked", "closed"]),
    ("PaymentStatus", &["unpaid", "paid", "refunded"]),
    ("ProductStatus", &["draft", "active", "archived"]),
    ("RevocationReason", &["logged_out", "token_reused", "too_many_sessions"]),
    ("Role", &["USER", "ADMIN"]),
    ("Scope", &["this", "this_and_following", "all"]),
    ("Status", &["active", "blocked"]),
];

/// Enums that are read but are no vocabulary, with the reason why an unknown value
/// does not break a reader.
const OTHERS: &[(&str, &str)] = &[
    ("Actor", "keeps an unknown actor as text"),
    ("Open", "is what keeps unknown words"),
    ("Organizer", "keeps an unknown organizer as text"),
    ("Stored", "two forms of an added date, by shape and not by word"),
    ("Seller", "keeps an unknown seller as text"),
    ("Scheme", "keeps an unknown scheme as it is, and verifies no hash of it"),
    ("Revoked", "keeps an unknown kind as it is"),
    ("TreeChange", "keeps an unknown kind as it is; the tree refuses changes then"),
    ("Mode", "query parameter"),
    ("Keep", "query parameter"),
    ("Orphans", "query parameter"),
    ("Order", "query parameter"),
    ("Collapse", "query parameter"),
    ("EventSort", "query parameter"),
    ("AgendaChange", "keeps an unknown kind as it is; the agenda refuses changes then"),
    ("Sort", "query parameter"),
    ("Place", "cursor of a walk: one of another release is a named failure, and waits as a dead letter"),
    ("Position", "cursor: one of another release is 400 invalid_cursor"),
    ("Part", "cursor: one of another release is 400 invalid_cursor"),
    ("SearchPlace", "cursor: one of another release is 400 invalid_cursor"),
];

/// Every Rust file below `folders`, each with its path from the repository's root.
pub fn rust_files(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().display().to_string(), text));
            }
        }
    }
    files.sort();
    files
}

/// The product's source files, without their unit tests.
pub fn sources() -> Vec<(String, String)> {
    let files = rust_files(&["shared/src", "local/src", "functions"]).into_iter();
    let product = files.filter(|(path, _)| path.contains("/src/"));
    product.map(|(path, text)| (path, text.split("#[cfg(test)]").next().unwrap().to_owned())).collect()
}

/// Every known word.
pub fn words() -> BTreeSet<String> {
    WORDS.iter().flat_map(|(_, words)| *words).map(|word| (*word).to_owned()).collect()
}

/// The code without its comment lines.
pub fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_word_has_its_row() {
    let mut declared: Vec<(String, Vec<String>)> = Vec::new();
    for (_, text) in sources() {
        for block in code(&text).split("vocabulary! {").skip(1) {
            let (head, rest) = block.split_once("enum ").unwrap().1.split_once(" {").unwrap();
            let body = rest.split_once("\n    }").unwrap().0;
            let words = body.lines().filter_map(|line| line.split('"').nth(1)).map(str::to_owned);
            // A component may have a name of its own.
            let name = head.split(' ').next().unwrap_or_default();
            declared.push((name.to_owned(), words.collect()));
        }
    }
    declared.sort();
    let rows = WORDS.iter().map(|(name, words)| {
        ((*name).to_owned(), words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    });
    assert_eq!(declared, rows.collect::<Vec<_>>(), "add the row, and read OPERATIONS.md before");
}

#[test]
fn every_enum_that_is_read_tolerates_unknown_values() {
    let mut found = BTreeSet::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.starts_with("local")) {
        let code = code(&text);
        for derived in code.split("#[derive(").skip(1) {
            let (traits, rest) = derived.split_once(")]").unwrap();
            let item = rest.split('{').next().unwrap();
            let name = item.split("enum ").nth(1).and_then(|name| name.split(['<', ' ', '\n']).next());
            if let Some(name) = name.filter(|_| traits.contains("Deserialize") && !item.contains("struct ")) {
                if name.starts_with('$') {
                    continue;
                }
                assert!(OTHERS.iter().any(|(other, _)| *other == name), "{path}: {name} has no row");
                found.insert(name.to_owned());
            }
        }
    }
    assert!(found.contains("TreeChange") && found.contains("Sort"), "{found:?}");
}
