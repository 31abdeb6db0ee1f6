//! Cursors carry no MAC: whoever knows how one is made may make up any position.
//! And ids, which are texts like any other.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::{id::UserId, table::cursor};

use super::{
    assert_harmless,
    values::{forgeries, json, percent_encoded, text},
};
use crate::harness::{App, property};

/// A list of the administrator's: its query, and its filters as a cursor's
/// fingerprint has them.
const LISTS: [(&str, &str); 4] =
    [("", ""), ("sort=-created_at&", "sort=-created_at"), ("q=person&", "q=person"), ("q=Ada&", "q=Ada")];

struct Reader {
    token: String,
    id: String,
    cursors: Vec<String>,
}

/// An administrator, two people, and a real cursor of each list.
async fn reader(app: &App) -> Reader {
    let root = app.administrator("root-marker@example.com").await;
    for number in 1..3 {
        app.register_as(&format!("person{number}-marker@example.com")).await;
    }
    let token = root["access_token"].as_str().unwrap().to_owned();
    let mut cursors = Vec::new();
    for (query, _) in LISTS {
        let page = app.get_as(&token, &format!("/api/v1/users?{query}limit=1")).await.json();
        cursors.push(page["next_cursor"].as_str().unwrap().to_owned());
    }
    Reader { token, id: root["user"]["id"].as_str().unwrap().to_owned(), cursors }
}

async fn list(app: &App, reader: &Reader, query: &str, cursor: &str) -> crate::harness::client::Reply {
    let cursor = percent_encoded(cursor);
    app.get_as(&reader.token, &format!("/api/v1/users?{query}cursor={cursor}")).await
}

/// A position that a list might have had, or not.
fn position() -> impl Strategy<Value = Value> {
    prop_oneof![
        json(),
        any::<[u8; 16]>().prop_map(|bytes| json!(UserId::from_bytes(bytes))),
        text().prop_map(|sort| json!({ "Email": sort })),
        text().prop_map(|sort| json!({ "Name": sort })),
    ]
}

#[test]
fn a_made_up_position_reads_a_page_or_is_no_cursor() {
    property(250, (0..LISTS.len(), position()), reader, async |app, reader, (list_at, position)| {
        let (query, filters) = LISTS[list_at];
        let fingerprint = cursor::Fingerprint::of([reader.id.as_str(), "/api/v1/users", filters]);
        let reply = list(app, reader, query, &cursor::encode(&position, &fingerprint).unwrap()).await;
        assert_harmless(&reply);
        assert!(reply.status == 200 || reply.problem() == (400, "invalid_cursor".to_owned()));
    });
}

#[test]
fn a_changed_cursor_reads_a_page_or_is_no_cursor() {
    let changes = (0..LISTS.len(), any::<prop::sample::Index>(), any::<char>(), text());
    property(80, changes, reader, async |app, reader, (list_at, at, with, other)| {
        for forged in forgeries(&reader.cursors[list_at], at, with, &other) {
            let reply = list(app, reader, LISTS[list_at].0, &forged).await;
            assert_harmless(&reply);
            assert!(reply.status == 200 || reply.problem() == (400, "invalid_cursor".to_owned()));
        }
    });
}

#[test]
fn a_text_is_an_id_only_if_it_is_that_id_and_no_other() {
    property(
        2_000,
        text(),
        async |_| (),
        async |_, (), text| {
            for text in [text.clone(), format!("user_{text}"), format!("user_01h455vb4pex5vsknk084sn0{text}")]
            {
                if let Ok(id) = text.parse::<UserId>() {
                    assert_eq!(id.to_string(), text);
                }
            }
        },
    );
}
