//! `GET /api/v1/users`

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::{ROOT, USERS, patch, path, token};
use crate::harness::{App, test};

/// Registers users, one a second; returns their token replies.
async fn people(app: &App, count: usize) -> Vec<Value> {
    let mut people = Vec::new();
    for number in 0..count {
        app.advance(Duration::from_secs(1));
        people.push(app.register_as(&format!("p{number:02}-ada-marker@example.com")).await);
    }
    people
}

fn emails(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().unwrap();
    data.iter().map(|user| user["email"].as_str().unwrap().split('-').next().unwrap().to_owned()).collect()
}

async fn list(app: &App, tokens: &Value, query: &str) -> Value {
    let reply = app.get_as(token(tokens), &format!("{USERS}{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.json()
}

#[test]
fn pages_are_full_and_in_order_both_ways() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        people(app, 7).await;
        let mut seen = Vec::new();
        let mut query = "?limit=3".to_owned();
        loop {
            let page = list(app, &root, &query).await;
            seen.extend(emails(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            assert_eq!(page["data"].as_array().unwrap().len(), 3);
            query = format!("?limit=3&cursor={cursor}");
        }
        assert_eq!(seen, ["root", "p00", "p01", "p02", "p03", "p04", "p05", "p06"]);
        let page = list(app, &root, "?sort=-created_at&limit=2").await;
        assert_eq!(emails(&page), ["p06", "p05"]);
        let cursor = page["next_cursor"].as_str().unwrap();
        let page = list(app, &root, &format!("?sort=-created_at&limit=2&cursor={cursor}")).await;
        assert_eq!(emails(&page), ["p04", "p03"]);
        let line = app.lines.of("users-api").pop().unwrap();
        assert_eq!((line.round_trips, line.read_units), (1, 2.0), "four partitions at once");
    });
}

#[test]
fn filters_are_those_of_the_schema() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let people = people(app, 4).await;
        patch(app, &root, &path(&people[1]), json!({ "status": "blocked" })).await.granted();
        assert_eq!(emails(&list(app, &root, "?role=ADMIN").await), ["root"]);
        assert_eq!(emails(&list(app, &root, "?status=blocked").await), ["p01"]);
        assert_eq!(emails(&list(app, &root, "?role=USER&status=active").await), ["p00", "p02", "p03"]);
        let window = "?created_after=2026-01-01T00:00:02Z&created_before=2026-01-01T00:00:04Z";
        assert_eq!(emails(&list(app, &root, window).await), ["p01", "p02"]);
        assert_eq!(
            emails(&list(app, &root, &format!("{window}&sort=-created_at&role=USER")).await),
            ["p02", "p01"]
        );

        for (query, code) in [
            ("?colour=red", "unknown_parameter"),
            ("?role=KING", "invalid_parameter"),
            ("?limit=0", "invalid_parameter"),
            ("?q=p&role=USER", "unsupported_filter_combination"),
            ("?email=p00-ada-marker@example.com&q=p", "unsupported_filter_combination"),
            ("?cursor=x", "invalid_cursor"),
        ] {
            let reply = app.get_as(token(&root), &format!("{USERS}{query}")).await;
            assert_eq!(reply.problem(), (400, code.to_owned()), "{query}");
        }
    });
}

#[test]
fn a_cursor_is_of_one_list_and_one_reader() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        people(app, 3).await;
        let page = list(app, &root, "?limit=1").await;
        let cursor = page["next_cursor"].as_str().unwrap();
        let other = app.administrator("other-ada-marker@example.com").await;
        for (tokens, query) in [(&root, "&role=USER"), (&other, "")] {
            let reply = app.get_as(token(tokens), &format!("{USERS}?limit=1&cursor={cursor}{query}")).await;
            assert_eq!(reply.problem(), (400, "invalid_cursor".to_owned()), "{query}");
        }
    });
}

#[test]
fn a_user_is_found_by_address_and_by_prefix() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let people = people(app, 3).await;
        patch(app, &root, &path(&people[2]), json!({ "name": "P01 by name" })).await.granted();
        assert_eq!(emails(&list(app, &root, "?email=P00-ada-marker%40example.com").await), ["p00"]);
        assert_eq!(emails(&list(app, &root, "?email=nobody%40example.com").await), [""; 0]);
        assert_eq!(emails(&list(app, &root, "?q=p0").await), ["p00", "p01", "p02"]);
        assert_eq!(emails(&list(app, &root, "?q=P01").await), ["p01", "p02"], "addresses first, then names");
        let page = list(app, &root, "?q=p01&limit=1").await;
        let cursor = page["next_cursor"].as_str().unwrap();
        assert_eq!(emails(&list(app, &root, &format!("?q=p01&limit=1&cursor={cursor}")).await), ["p02"]);
        assert_eq!(emails(&list(app, &root, "?q=zzz").await), [""; 0]);
    });
}

#[test]
fn nobody_else_sees_a_list() {
    test(async |app| {
        let tokens = app.register().await;
        assert_eq!(app.get_as(token(&tokens), USERS).await.problem(), (403, "forbidden".to_owned()));
        assert_eq!(app.get(USERS).await.problem(), (401, "authentication_required".to_owned()));
        assert_eq!(app.get("/api/v1/users/health").await.status, 200);
    });
}

/// No condition of IAM restricts the index keys of a put.
#[test]
fn an_item_of_another_group_in_the_list_is_omitted_and_logged() {
    test(async |app| {
        // Replacing the dropped item costs another round trip.
        app.has_long_lists(&["users.list_users"]);
        let root = app.administrator(ROOT).await;
        people(app, 5).await;
        let text = |text: &str| AttributeValue::S(text.to_owned());
        for (pk, at) in [
            ("ORDER#order_01h455vb4pex5vsknk084sn02q", "user_0"),
            ("ORDER#user_01h455vb4pex5vsknk084sn02q", "user_7z"),
        ] {
            let put = app.dynamodb().put_item().table_name(&app.platform.stack().table.name);
            let put = put.item("pk", text(pk)).item("sk", text("ORDER")).item("type", text("order"));
            let put = put.item("gsi1pk", text("USERS#USER#active")).item("gsi1sk", text(at));
            put.item("card", AttributeValue::M(std::collections::HashMap::new())).send().await.unwrap();
        }
        let (mut seen, mut query) =
            (Vec::new(), "?role=USER&status=active&sort=created_at&limit=2".to_owned());
        loop {
            let page = list(app, &root, &query).await;
            seen.push(emails(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            query = format!("?role=USER&status=active&sort=created_at&limit=2&cursor={cursor}");
        }
        assert_eq!(seen, [vec!["p00", "p01"], vec!["p02", "p03"], vec!["p04"]], "full pages");
        let lines = app.lines.of("users-api");
        let foreign = lines.iter().filter(|line| line.foreign_rows > 0);
        assert!(foreign.clone().count() > 0 && foreign.clone().all(|line| line.level == "warn"));
    });
}

#[test]
fn a_name_is_found_in_every_spelling_of_its_beginning() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        for (number, name) in
            ["ΟΔΥΣΣΕΥΣ Marker", "Éloïse Marker", "Алёна Marker", "O'Hara Marker"].into_iter().enumerate()
        {
            let tokens = app.register_as(&format!("p{number:02}-ada-marker@example.com")).await;
            patch(app, &tokens, super::ME, json!({ "name": name })).await.granted();
        }
        for (q, found) in [
            ("ΟΔΥΣ", "p00"),
            ("οδυσ", "p00"),
            ("ΟΔΥΣΣΕΥΣ", "p00"),
            ("E\u{301}loi\u{308}se", "p01"),
            ("eloise", "p01"),
            ("АЛЕНА", "p02"),
            ("алё", "p02"),
            ("o'h", "p03"),
            ("P03-ADA", "p03"),
        ] {
            let q = form_urlencoded::byte_serialize(q.as_bytes()).collect::<String>();
            assert_eq!(emails(&list(app, &root, &format!("?q={q}")).await), [found], "{q}");
        }
        let all = list(app, &root, "").await;
        for empty in
            ["q=", "q=%20", "q=%E2%80%8B", "q=%3F%21", "email=", "role=&status=&sort=&limit=&cursor="]
        {
            assert_eq!(list(app, &root, &format!("?{empty}")).await, all, "{empty}");
        }
    });
}
