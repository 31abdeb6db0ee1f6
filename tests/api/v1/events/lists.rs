//! Managed events.

use serde_json::json;

use super::{event, in_september, published, tuesdays};
use crate::api::v1::organizations::{administrator, get, join, organization, person, refused, test};

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
