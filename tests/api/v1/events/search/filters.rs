//! Filters, and their combinations.

use serde_json::json;

use super::{four, once, publish, titles};
use crate::api::v1::{
    events::in_september,
    organizations::{person, refused, test},
};

#[test]
fn filters_combine() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        for (query, found) in [
            ("", &["Morning run", "Концерт джаза", "Blues concerts", "Talk of engines"][..]),
            ("q=%D0%BA%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82%D1%8B", &["Концерт джаза"]),
            ("q=concert", &["Blues concerts"]),
            ("q=conc", &["Blues concerts"]),
            ("q=lovelace+hall", &["Концерт джаза"]),
            ("category=music", &["Концерт джаза", "Blues concerts"]),
            ("category=music,sports&free=true", &["Morning run", "Blues concerts"]),
            ("tag=jazz,BLUES", &["Концерт джаза", "Blues concerts"]),
            ("city=BERLIN", &["Концерт джаза"]),
            ("country=NZ", &["Morning run"]),
            ("language=de", &["Концерт джаза"]),
            ("mode=online", &["Talk of engines"]),
            ("free=false", &["Концерт джаза"]),
            ("currency=EUR&price_lte=1000", &["Morning run", "Blues concerts", "Talk of engines"]),
            ("currency=EUR&price_gte=1000", &["Концерт джаза"]),
            ("currency=EUR&sort=price&mode=offline", &["Blues concerts", "Morning run", "Концерт джаза"]),
            ("near=52.52,13.40&radius_km=10", &["Концерт джаза"]),
            ("near=52.40,13.07&radius_km=50&sort=distance", &["Blues concerts", "Концерт джаза"]),
            ("bbox=13.3,52.3,13.6,52.6", &["Концерт джаза"]),
            ("bbox=170,-40,-170,-30", &["Morning run"]),
            ("sort=-created_at", &["Talk of engines", "Morning run", "Blues concerts", "Концерт джаза"]),
            ("running=true", &[]),
            ("q=nothing+of+this", &[]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
        let page = app.get("/api/v1/events?q=lovelace&near=52.40,13.07&radius_km=100").await.json();
        let hit = &page["data"][0];
        assert_eq!(hit["occurrence"]["starts_at"], "2026-10-10T18:00:00.000Z");
        assert_eq!(hit["occurrence"]["local_start"], "2026-10-10T20:00");
        assert_eq!(hit["price"], json!({ "amount": 1500, "currency": "EUR" }));
        assert!((24_000..29_000).contains(&hit["distance"].as_u64().unwrap()), "{hit}");
        assert!(page["as_of"].is_string());
    });
}

/// A visitor can come without paying, and can pay.
#[test]
fn an_event_with_free_and_other_tickets_is_found_as_both() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let ticket = |name: &str, amount: i64| json!({ "name": name, "price": { "amount": amount, "currency": "EUR" } });
        let tickets = json!({ "ticket_types": [ticket("Seat", 1250), ticket("Member", 0)] });
        publish(app, &ada, once("Mixed", "Etc/UTC", "2026-10-10T10:00", &tickets)).await;
        let tickets = json!({ "ticket_types": [ticket("Member", 0)] });
        publish(app, &ada, once("Free", "Etc/UTC", "2026-10-11T10:00", &tickets)).await;
        let tickets = json!({ "ticket_types": [ticket("Seat", 1250)] });
        publish(app, &ada, once("Priced", "Etc/UTC", "2026-10-12T10:00", &tickets)).await;
        assert_eq!(titles(app, "free=true").await, ["Mixed", "Free"]);
        assert_eq!(titles(app, "free=false").await, ["Mixed", "Priced"]);
        assert_eq!(titles(app, "currency=EUR&price_lte=100").await, ["Mixed", "Free"]);
        assert_eq!(titles(app, "currency=EUR&price_gte=1000").await, ["Mixed", "Priced"]);
        let found = app.get("/api/v1/events").await.json();
        let prices: Vec<_> =
            found["data"].as_array().unwrap().iter().map(|it| it["price"]["amount"].clone()).collect();
        assert_eq!(prices, [json!(0), json!(null), json!(1250)]);
        let facets = app.get("/api/v1/events/facets").await.json();
        assert_eq!(
            facets["prices"],
            json!([{ "value": "free", "count": 2 }, { "value": "priced", "count": 2 }])
        );
    });
}

/// 10 October ends 13 hours earlier in Auckland than in Berlin.
#[test]
fn a_date_is_the_day_in_the_zone_of_each_event() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        for (query, found) in [
            ("from=2026-10-11&to=2026-10-11", &["Morning run", "Blues concerts"][..]),
            ("from=2026-10-10&to=2026-10-10", &["Концерт джаза"]),
            ("from=2026-10-11T00:00:00Z", &["Blues concerts", "Talk of engines"]),
            ("to=2026-10-10T19:00:00Z", &["Morning run", "Концерт джаза"]),
            ("from=2026-10-12&to=2026-10-31", &["Talk of engines"]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
    });
}

#[test]
fn combinations_without_meaning_are_named() {
    test(async |app| {
        for (query, code) in [
            ("price_gte=5", "unsupported_filter_combination"),
            ("sort=price", "unsupported_filter_combination"),
            ("sort=distance", "unsupported_filter_combination"),
            ("sort=-relevance", "unsupported_filter_combination"),
            ("radius_km=5", "unsupported_filter_combination"),
            ("near=91,0", "invalid_parameter"),
            ("near=NaN,0", "invalid_parameter"),
            ("near=52", "invalid_parameter"),
            ("near=52,13&radius_km=501", "invalid_parameter"),
            ("bbox=0,10,1,9", "invalid_parameter"),
            ("status=draft", "invalid_parameter"),
            ("mode=offline,everywhere", "invalid_parameter"),
            ("category=,", "invalid_parameter"),
            ("from=tomorrow", "invalid_parameter"),
            ("price_gte=-1&currency=EUR", "invalid_parameter"),
            ("sort=title", "unknown_parameter"),
            ("colour=red", "unknown_parameter"),
        ] {
            for path in ["events", "events/facets", "events/calendar.ics", "events/feed.json"] {
                let reply = app.get(&format!("/api/v1/{path}?{query}")).await;
                assert_eq!(refused(&reply), (400, code), "{path}?{query}");
            }
        }
        let long = "a".repeat(201);
        assert_eq!(app.get(&format!("/api/v1/events?q={long}")).await.status, 400);
    });
}
