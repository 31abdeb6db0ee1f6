//! Managed events.

use serde_json::json;

use super::{event, in_september, published, tuesdays};
use crate::api::v1::organizations::{administrator, get, join, organization, person, post, refused, test};

#[test]
fn an_organizer_lists_events_of_every_status() {
    test(async |app| {
        in_september(app);
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let teas = organization(app, &ada, "Teas").await;
        join(app, &ada, &teas, &bo, "viewer").await;
        let mut of_teas = tuesdays();
        of_teas["organizer"] = teas.clone().into();
        let own = event(app, &ada, tuesdays()).await;
        let first = event(app, &ada, of_teas.clone()).await;
        let second = published(app, &ada, of_teas).await;
        let list = async |person, query: &str| {
            let reply = get(app, person, &format!("events/managed{query}")).await;
            let ids = reply.json()["data"].as_array().cloned().unwrap_or_default();
            ids.iter().map(|it| format!("events/{}", it["id"].as_str().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(list(&ada, "").await, std::slice::from_ref(&own));
        let of_teas = format!("?organizer={teas}");
        assert_eq!(list(&bo, &of_teas).await, [second.clone(), first.clone()]);
        assert_eq!(list(&bo, &format!("{of_teas}&status=draft")).await, std::slice::from_ref(&first));
        assert_eq!(list(&root, "?all=true&status=draft").await, [first, own]);
        assert_eq!(list(&root, "?all=true&status=published").await, [second]);
        assert_eq!(
            refused(&get(app, &ada, "events/managed?all=true&status=draft").await),
            (403, "forbidden")
        );
        let unsupported = get(app, &root, "events/managed?all=true").await;
        assert_eq!(refused(&unsupported), (400, "unsupported_filter_combination"));
        let eve = person(app, "eve").await;
        assert_eq!(
            refused(&get(app, &eve, &format!("events/managed{of_teas}")).await),
            (403, "not_permitted")
        );
        let of_ada = get(app, &eve, &format!("events/managed?organizer={}", ada.id)).await;
        assert_eq!(refused(&of_ada), (403, "forbidden"));
    });
}

#[test]
fn pages_of_managed_events_join_to_the_whole() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let mut made = Vec::new();
        for number in 0..7 {
            made.push(event(app, &ada, json!({ "title": format!("Number {number}") })).await);
        }
        made.reverse();
        let (mut found, mut query) = (Vec::new(), "?limit=3".to_owned());
        loop {
            let page = get(app, &ada, &format!("events/managed{query}")).await.json();
            let data = page["data"].as_array().unwrap().iter();
            found.extend(data.map(|it| format!("events/{}", it["id"].as_str().unwrap())));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=3&cursor={cursor}");
        }
        assert_eq!(found, made);
    });
}

#[test]
fn everyone_lists_the_listed_events_of_an_organizer_with_past_ones() {
    test(async |app| {
        in_september(app);
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let teas = organization(app, &ada, "Teas").await;
        for organizer in [format!("organizations/{teas}"), format!("users/{}", ada.id)] {
            let mut body = tuesdays();
            body["organizer"] = organizer.split_once('/').unwrap().1.into();
            event(app, &ada, body.clone()).await;
            for visibility in ["unlisted", "private"] {
                let mut hidden = body.clone();
                hidden["visibility"] = visibility.into();
                published(app, &ada, hidden).await;
            }
            let over = published(app, &ada, body.clone()).await;
            let coming = published(app, &ada, body.clone()).await;
            let cancelled = published(app, &ada, body).await;
            post(app, &ada, &format!("{over}/complete"), serde_json::Value::Null).await.granted();
            post(app, &ada, &format!("{cancelled}/cancel"), json!({ "reason": "Ill" })).await.granted();
            let list = async |query: &str| {
                let reply = app.get(&format!("/api/v1/{organizer}/events{query}")).await;
                assert_eq!(reply.status, 200, "{}", reply.json());
                let ids = reply.json()["data"].as_array().cloned().unwrap();
                ids.iter().map(|it| format!("events/{}", it["id"].as_str().unwrap())).collect::<Vec<_>>()
            };
            assert_eq!(list("").await, [cancelled.clone(), coming.clone(), over.clone()]);
            assert_eq!(list("?status=completed").await, std::slice::from_ref(&over));
            assert_eq!(list("?status=published").await, std::slice::from_ref(&coming));
            let draft = app.get(&format!("/api/v1/{organizer}/events?status=draft")).await;
            assert_eq!(refused(&draft), (400, "invalid_parameter"));

            let (mut found, mut query) = (Vec::new(), "?limit=2".to_owned());
            loop {
                let page = app.get(&format!("/api/v1/{organizer}/events{query}")).await.json();
                found.extend(page["data"].as_array().unwrap().iter().map(|it| it["id"].clone()));
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                query = format!("?limit=2&cursor={cursor}");
            }
            assert_eq!(found.len(), 3, "{found:?}");

            post(app, &root, &format!("{coming}/block"), json!({ "reason": "spam" })).await.granted();
            assert_eq!(list("").await, [cancelled, over]);
        }
        let path = format!("organizations/{teas}");
        post(app, &root, &format!("{path}/block"), json!({ "reason": "spam" })).await.granted();
        app.platform.settle().await;
        let blocked = app.get(&format!("/api/v1/{path}/events")).await;
        assert_eq!((blocked.status, blocked.json()["data"].as_array().unwrap().len()), (200, 0));
        let unknown = app.get("/api/v1/organizations/org_01h455vb4pex5vsknk084sn02q/events").await;
        assert_eq!(refused(&unknown), (404, "not_found"));
    });
}
