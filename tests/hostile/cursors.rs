//! Every list of the OpenAPI document, with hostile cursors. Cursors have no MAC: a
//! caller can forge any position. And ids, which are texts from callers too.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use http::Method;
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use shared::id::UserId;

use super::{
    assert_harmless,
    values::{change, forgeries, json, percent_encoded, text},
    world::World,
};
use crate::harness::{
    App, client::Reply, document::DOCUMENT, operation::Operation, parameters::Parameters, property,
};

/// Bytes of the list's fingerprint in a cursor.
const FINGERPRINT: usize = 12;

/// A list with one set of filters, and a cursor of it.
struct List {
    name: String,
    token: Option<String>,
    /// The URL without the cursor.
    url: String,
    cursor: String,
}

impl List {
    async fn at(&self, app: &App, cursor: &str) -> Reply {
        read(app, self.token.as_deref(), &format!("{}cursor={}", self.url, percent_encoded(cursor))).await
    }

    /// Reads with a possibly invalid cursor: the reply is a page, or
    /// `invalid_cursor`.
    async fn holds(&self, app: &App, cursor: &str) {
        let reply = self.at(app, cursor).await;
        assert_harmless(&reply);
        assert!(
            reply.status == 200 || reply.problem() == (400, "invalid_cursor".to_owned()),
            "{} answers {} to {cursor}: {}",
            self.name,
            reply.status,
            reply.json()
        );
    }

    /// Makes this list's cursor with another position.
    fn forge(&self, position: &[u8]) -> String {
        let fingerprint = &BASE64.decode(&self.cursor).unwrap()[..FINGERPRINT];
        BASE64.encode([fingerprint, position].concat())
    }

    fn position(&self) -> Value {
        serde_json::from_slice(&BASE64.decode(&self.cursor).unwrap()[FINGERPRINT..]).unwrap()
    }
}

async fn read(app: &App, token: Option<&str>, url: &str) -> Reply {
    let call = app.request(Method::GET, url);
    match token {
        Some(token) => call.token(token).send().await,
        None => call.send().await,
    }
}

/// Every list, with each order and each documented value of a filter that has a
/// second page. Without filters every list must have one.
async fn lists(app: &App) -> Vec<List> {
    let world = World::new(app).await;
    let people = world.people();
    let parameters = Parameters { api: app, people: &people };
    let operations: Vec<Operation> = Operation::all().filter(Operation::is_list).collect();
    let named: BTreeSet<String> = Operation::all()
        .flat_map(|operation| operation.parameters().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for _ in 0..2 {
        for name in &named {
            Box::pin(parameters.make(name)).await;
        }
    }
    // The search is up to five seconds old.
    app.platform.settle().await;
    app.advance(std::time::Duration::from_secs(5));
    let mut lists = Vec::new();
    for operation in operations {
        let token = world.token(operation.caller());
        let path = parameters.path(&operation).await;
        for query in queries(&operation) {
            let name = format!("{}?{query}", operation.name());
            let url = format!("{path}?{query}");
            let page = read(app, token.as_deref(), &format!("{url}limit=1")).await;
            let page = if page.status == 200 { page.json() } else { Value::Null };
            match page["next_cursor"].as_str() {
                Some(cursor) => {
                    lists.push(List { name, token: token.clone(), url, cursor: cursor.to_owned() });
                }
                None => assert!(
                    !query.is_empty(),
                    "{name} has no second page: let tests/harness/parameters.rs make more of it"
                ),
            }
        }
    }
    lists
}

/// No query, and one for each value of each filter.
fn queries(operation: &Operation) -> Vec<String> {
    let filters = operation.query().filter(|it| it["name"] != "limit" && it["name"] != "cursor");
    let queries = filters.flat_map(|parameter| {
        let name = parameter["name"].as_str().unwrap();
        let schema = match parameter["schema"]["$ref"].as_str() {
            Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
            None => &parameter["schema"],
        };
        let values = [&parameter["example"], &schema["examples"][0], &schema["minimum"]];
        let values = values.into_iter().chain(schema["enum"].as_array().into_iter().flatten());
        let values = values.filter(|value| !value.is_null()).map(|value| match value.as_str() {
            Some(text) => format!("{name}={}&", percent_encoded(text)),
            None => format!("{name}={value}&"),
        });
        values.collect::<Vec<_>>()
    });
    [String::new()].into_iter().chain(queries).collect()
}

/// A plausible or implausible position.
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
    property(400, (any::<Index>(), position()), lists, async |app, lists, (at, position)| {
        let list = at.get(lists);
        list.holds(app, &list.forge(position.to_string().as_bytes())).await;
    });
}

#[test]
fn a_changed_position_reads_a_page_or_is_no_cursor() {
    property(800, (any::<Index>(), change()), lists, async |app, lists, (at, change)| {
        let list = at.get(lists);
        list.holds(app, &list.forge(&change.of(&list.position()))).await;
    });
}

#[test]
fn a_changed_cursor_reads_a_page_or_is_no_cursor() {
    let changes = (any::<Index>(), any::<Index>(), any::<char>(), text());
    property(120, changes, lists, async |app, lists, (list, at, with, other)| {
        let list = list.get(lists);
        for forged in forgeries(&list.cursor, at, with, &other) {
            list.holds(app, &forged).await;
        }
    });
}

#[test]
fn a_cursor_is_of_one_list_and_its_filters() {
    property(1, Just(()), lists, async |app, lists, ()| {
        let operations = Operation::all().filter(Operation::is_list).count();
        assert!(lists.len() > 2 * operations, "{} lists of {operations} operations", lists.len());
        for list in lists {
            assert_eq!(list.at(app, &list.cursor).await.status, 200, "{}", list.name);
            for other in lists.iter().filter(|other| other.name != list.name) {
                let reply = list.at(app, &other.cursor).await;
                let refused = (400, "invalid_cursor".to_owned());
                assert_eq!(reply.problem(), refused, "{} takes a cursor of {}", list.name, other.name);
            }
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
