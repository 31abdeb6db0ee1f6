//! `docs/from-your-python-service.md`: every request of its tables is answered with
//! the status beside it, and every type of event that it names exists.

use http::Method;
use local::write::Repository;
use serde_json::Value;
use shared::bus::DomainEvent;

use crate::harness::{
    App,
    client::Reply,
    operation::{Caller, Operation},
    parameters::{Parameters, People},
    test_of, with_cheap_passwords,
};

fn page() -> String {
    let path = Repository::built_in().folder().join("docs/from-your-python-service.md");
    std::fs::read_to_string(path).unwrap()
}

/// A row's request and the status of its answer.
#[derive(Debug)]
struct Row {
    method: Method,
    path: String,
    body: String,
    status: u16,
}

/// The rows that have a request.
fn rows(page: &str) -> Vec<Row> {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
        let [.., request, status] = cells[..] else { return None };
        let status = status.trim_end_matches(" |").parse().ok()?;
        let request = request.strip_prefix('`')?.strip_suffix('`')?;
        let (method, rest) = request.split_once(' ')?;
        let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(Row { method: method.parse().ok()?, path: path.to_owned(), body: body.to_owned(), status })
    });
    rows.collect()
}

/// The names in braces of a text: ids and tokens.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.map(|(name, _)| name).filter(|name| {
        !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_')
    })
}

impl Row {
    fn operation(&self) -> Option<Operation> {
        Operation::find(&self.method, self.path.split('?').next().unwrap())
    }

    /// Its text with what the placeholders stand for.
    async fn filled(&self, text: &str, parameters: &Parameters<'_, App>) -> String {
        let mut filled = text.to_owned();
        for name in placeholders(text) {
            let value = match parameters.people.owner[name].as_str() {
                Some(token) => token.to_owned(),
                None => Box::pin(parameters.make(name)).await,
            };
            filled = filled.replace(&format!("{{{name}}}"), &value);
        }
        filled
    }

    /// Sends it, from somebody who may.
    async fn send(&self, app: &App, people: &People) -> Reply {
        let parameters = Parameters { api: app, people };
        let path = self.filled(&self.path, &parameters).await;
        let body = self.filled(&self.body, &parameters).await;
        let mut call = app.request(self.method.clone(), &path);
        let caller = self.operation().map_or(Caller::Anyone, |operation| operation.caller());
        if let Some(token) = people.token(caller) {
            call = call.token(token);
        }
        if !body.is_empty() {
            call = call.json(&serde_json::from_str::<Value>(&body).unwrap());
        }
        call.send().await
    }
}

#[test]
fn every_request_of_the_page_has_the_status_beside_it() {
    test_of(with_cheap_passwords, async |app| {
        // Each row leaves people and products behind.
        app.has_long_lists(&["users.list_users", "catalog.list_products"]);
        let administrator = app.administrator("root-marker@example.com").await;
        let rows = rows(&page());
        assert!(rows.len() > 40, "{rows:#?}");
        for (number, row) in rows.iter().enumerate() {
            let owner = app.register_as(&format!("person{number}-marker@example.com")).await;
            let people = People { owner, administrator: administrator.clone(), ..People::default() };
            let reply = Box::pin(row.send(app, &people)).await;
            assert_eq!(reply.status, row.status, "{row:?}: {}", String::from_utf8_lossy(&reply.bytes));
            app.platform.settle().await;
        }
    });
}

#[test]
fn every_alias_has_a_row() {
    let rows = rows(&page());
    for operation in Operation::all().filter(|operation| operation.value.get("x-alias-of").is_some()) {
        let named = rows.iter().any(|row| row.operation().is_some_and(|it| it.name() == operation.name()));
        assert!(named, "{}", operation.name());
    }
}

#[test]
fn the_events_of_the_page_exist() {
    let page = page();
    let (_, events) = page.split_once("## Events").unwrap();
    let (events, _) = events.split_once("\n## ").unwrap();
    let mut named = 0;
    for row in events.lines().filter(|line| line.starts_with("| `")) {
        let here = row.split(" | ").nth(1).unwrap();
        for kind in here.split('`').skip(1).step_by(2) {
            assert!(DomainEvent::TYPES.contains(&kind), "{kind}");
            named += 1;
        }
    }
    assert!(named > 15, "{named}");
}
