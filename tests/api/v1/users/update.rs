//! `PATCH` and `PUT /api/v1/users/{user_id}` and `/api/v1/users/me`

use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use serde_json::{Value, json};

use super::{ADA, BO, ME, ROOT, call, patch, path, token};
use crate::harness::test;

fn profile() -> Value {
    json!({
        "bio": "Writes programs.",
        "phone": "+442071234567",
        "address": { "street": "12 St James's Square", "city": "London", "country": "GB" },
    })
}

#[test]
fn a_patch_changes_what_it_names_and_says_so() {
    test(async |app| {
        let tokens = app.register().await;
        let reply =
            patch(app, &tokens, ME, json!({ "name": "Ada Marker-Lovelace B", "profile": profile() })).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "\"2\""));
        assert_eq!(reply.json()["profile"], profile());
        let id = tokens["user"]["id"].as_str().unwrap();
        let events = app.outbox(&format!("USER#{id}"), "USER").await;
        assert_eq!(events[0]["data"]["changed"], json!(["name", "profile"]));

        let body = json!({ "profile": { "phone": null, "address": { "city": "Ockham" } }, "preferences": { "locale": "ru" } });
        let me = patch(app, &tokens, ME, body).await.json();
        assert_eq!(
            me["profile"],
            json!({
                "bio": "Writes programs.",
                "address": { "street": "12 St James's Square", "city": "Ockham", "country": "GB" },
            })
        );
        assert_eq!(
            (&me["preferences"]["locale"], &me["name"]),
            (&json!("ru"), &json!("Ada Marker-Lovelace B"))
        );
    });
}

#[test]
fn a_put_takes_away_what_it_does_not_name() {
    test(async |app| {
        let tokens = app.register().await;
        patch(
            app,
            &tokens,
            ME,
            json!({ "profile": profile(), "preferences": { "time_zone": "Europe/London" } }),
        )
        .await
        .granted();
        let reply =
            call(app, &tokens, Method::PUT, ME, &json!({ "profile": { "bio": "Another." } })).send().await;
        let me = reply.json();
        assert_eq!((&me["name"], &me["profile"]), (&Value::Null, &json!({ "bio": "Another." })));
        assert!(me["preferences"].get("time_zone").is_none());
        assert_eq!((&me["email"], &me["role"]), (&json!(ADA), &json!("USER")));
    });
}

#[test]
fn nothing_changed_writes_nothing() {
    test(async |app| {
        let tokens = app.register().await;
        app.get_as(token(&tokens), ME).await.granted();
        let reply = patch(app, &tokens, ME, json!({ "name": "Ada Marker-Lovelace" })).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "\"1\""));
        let line = app.lines.of("users-api").pop().unwrap();
        assert_eq!((line.round_trips, line.write_units), (1, 0.0));
    });
}

#[test]
fn a_stale_version_changes_nothing() {
    test(async |app| {
        let tokens = app.register().await;
        let rename = |tag: &str, name: &str| {
            call(app, &tokens, Method::PATCH, ME, &json!({ "name": name })).header("if-match", tag).send()
        };
        assert_eq!(rename("\"1\"", "One").await.status, 200);
        assert_eq!(rename("\"1\"", "Two").await.problem(), (412, "stale_version".to_owned()));
        assert_eq!(app.get_as(token(&tokens), ME).await.json()["name"], "One");
    });
}

#[test]
fn two_changes_at_once_are_both_made() {
    test(async |app| {
        let tokens = app.register().await;
        let (one, other) = futures::join!(
            patch(app, &tokens, ME, json!({ "name": "One" })),
            patch(app, &tokens, ME, json!({ "profile": { "bio": "Other." } })),
        );
        assert_eq!((one.status, other.status), (200, 200));
        let me = app.get_as(token(&tokens), ME).await.json();
        assert_eq!(
            (&me["name"], &me["profile"]["bio"], &me["version"]),
            (&json!("One"), &json!("Other."), &json!(3))
        );
    });
}

#[test]
fn every_fault_is_told_at_once() {
    test(async |app| {
        let tokens = app.register().await;
        let body = json!({
            "nick": "a", "email": null, "role": "KING",
            "profile": { "avatar_url": "http://x", "address": { "street": "x" }, "shoe_size": 40 },
            "preferences": { "locale": "tlh", "notifications": { "marketing": "yes" } },
        });
        let faults = patch(app, &tokens, ME, body).await.faults();
        let wanted = [
            ("/nick", "unknown_field"),
            ("/email", "required"),
            ("/role", "wrong_type"),
            ("/profile/shoe_size", "unknown_field"),
            ("/profile/avatar_url", "invalid_url"),
            ("/profile/address/city", "required"),
            ("/profile/address/country", "required"),
            ("/preferences/locale", "unsupported_locale"),
            ("/preferences/notifications/marketing", "wrong_type"),
        ];
        assert_eq!(faults, wanted.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    });
}

#[test]
fn an_administrator_changes_anybody_and_nobody_else_does() {
    test(async |app| {
        let (ada, bo) = (app.register_as(ADA).await, app.register_as(BO).await);
        let reply = patch(app, &bo, &path(&ada), json!({ "name": "Bo was here" })).await;
        assert_eq!(reply.problem(), (404, "not_found".to_owned()));
        let root = app.administrator(ROOT).await;
        assert_eq!(patch(app, &root, &path(&ada), json!({ "name": "Ada B" })).await.json()["name"], "Ada B");
    });
}

#[test]
fn a_profile_is_checked_and_stored_in_one_form() {
    test(async |app| {
        app.has_long_lists(&["users.replace_user"]);
        let tokens = app.register().await;
        let body = json!({
            "name": " Zoe\u{308} Marker ",
            "profile": {
                "bio": "First line.\r\n\tSecond line.",
                "avatar_url": "https://bücher.example/я 1.png",
                "address": { "street": "Hauptstr. 1", "city": "Bonn", "country": "DE" },
            },
            "preferences": { "locale": "ru_RU", "time_zone": "asia/kathmandu" },
        });
        let me = patch(app, &tokens, ME, body).await.json();
        assert_eq!(
            (&me["name"], &me["profile"]["bio"]),
            (&json!("Zoë Marker"), &json!("First line.\n\tSecond line."))
        );
        assert_eq!(me["profile"]["avatar_url"], "https://xn--bcher-kva.example/%D1%8F%201.png");
        assert_eq!(me["preferences"]["locale"], "ru");
        assert_eq!(me["preferences"]["time_zone"], "Asia/Kathmandu");
        for (body, pointer) in [
            (json!({ "name": "\u{200b}\u{2060}" }), "/name"),
            (json!({ "name": "Ada\u{202e}gnp.exe" }), "/name"),
            (json!({ "name": "Ada\u{2028}Admin" }), "/name"),
            (json!({ "name": "WIN 900 EUR http://prize.example" }), "/name"),
            (json!({ "name": "see WWW.prize.example" }), "/name"),
            (json!({ "profile": { "address": { "street": "\u{feff}" } } }), "/profile/address/street"),
            (json!({ "profile": { "address": { "country": "XX" } } }), "/profile/address/country"),
            (json!({ "preferences": { "time_zone": "Europe/Athnes" } }), "/preferences/time_zone"),
            (json!({ "email": "blac\u{212a}@example.com" }), "/email"),
        ] {
            let refused = patch(app, &tokens, ME, body.clone()).await;
            assert_eq!((refused.status, refused.faults()[0].0.as_str()), (422, pointer), "{body}");
        }
    });
}

#[test]
fn a_stored_text_of_earlier_rules_stays_when_another_changes() {
    test(async |app| {
        let tokens = app.register().await;
        patch(
            app,
            &tokens,
            ME,
            json!({ "profile": profile(), "preferences": { "time_zone": "Europe/London" } }),
        )
        .await
        .granted();
        let id = tokens["user"]["id"].as_str().unwrap();
        // Stored as in the previous release.
        app.dynamodb()
            .update_item()
            .table_name(&app.platform.stack().table.name)
            .set_key(Some(shared::table::item::key_attributes(shared::table::schema::user(id.parse().unwrap()))))
            .update_expression("SET profile.address.country = :xx, profile.bio = :bio, preferences.time_zone = :zone, card.#name = :name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":xx", AttributeValue::S("XX".to_owned()))
            .expression_attribute_values(":bio", AttributeValue::S("\u{200b}".to_owned()))
            .expression_attribute_values(":zone", AttributeValue::S("Europe/Athnes".to_owned()))
            .expression_attribute_values(":name", AttributeValue::S("www.marker.example".to_owned()))
            .send()
            .await
            .unwrap();
        let before = app.get_as(token(&tokens), ME).await.json();
        assert_eq!(before["profile"]["address"]["country"], "XX");
        let body = json!({ "profile": { "phone": null, "address": { "city": "Ockham" } }, "preferences": { "locale": "ru" } });
        let me = patch(app, &tokens, ME, body).await.json();
        assert_eq!(
            (&me["profile"]["address"]["country"], &me["profile"]["address"]["city"]),
            (&json!("XX"), &json!("Ockham"))
        );
        assert_eq!(
            (&me["name"], &me["preferences"]["time_zone"]),
            (&before["name"], &json!("Europe/Athnes"))
        );
        // Sending back the shown values changes nothing.
        let echo = json!({ "name": me["name"], "profile": me["profile"], "preferences": me["preferences"] });
        assert_eq!(patch(app, &tokens, ME, echo).await.json()["version"], me["version"]);
        let other = json!({ "profile": { "address": { "country": "ZZ" } } });
        assert_eq!(patch(app, &tokens, ME, other).await.status, 422);
    });
}

#[test]
fn a_name_has_no_web_address_in_any_part_of_it() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        for name in [
            "bit.ly/x",
            "Prize:evil.com",
            "claim/evil.com",
            "evil.com/@ada",
            "“evil.com”",
            "ada|evil.com",
            "приз:пример.рф",
        ] {
            let faults = patch(app, &tokens, ME, json!({ "name": name })).await.faults();
            assert_eq!(faults, [("/name".to_owned(), "invalid_name".to_owned())], "{name}");
        }
        for name in [
            "St. Petersburg",
            "St.Petersburg",
            "A.B. Smith",
            "J.R.R.Tolkien",
            "Dr.Who",
            "Mr./Mrs. Smith",
            "Node.js",
            "г.Москва",
            "ada@example.com",
        ] {
            assert_eq!(patch(app, &tokens, ME, json!({ "name": name })).await.status, 200, "{name}");
        }
    });
}
