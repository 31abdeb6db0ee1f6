//! Events that enter and leave the search.

use serde_json::json;

use super::{once, publish, titles};
use crate::api::v1::{
    events::{event, in_september, tuesdays},
    organizations::{delete, patch, person, post, test},
};

/// Nothing of an event that is not listed is ever in a search.
#[test]
fn only_listed_events_that_are_not_over_are_found() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        event(app, &ada, tuesdays()).await;
        let mut private = tuesdays();
        private["visibility"] = "private".into();
        publish(app, &ada, private).await;
        let mut unlisted = tuesdays();
        unlisted["visibility"] = "unlisted".into();
        let path = publish(app, &ada, unlisted).await;
        assert!(titles(app, "").await.is_empty());
        patch(app, &ada, &path, json!({ "visibility": "listed", "title": "Listed" })).await.granted();
        app.platform.settle().await;
        assert_eq!(titles(app, "").await, ["Listed"]);
        for (change, back) in [
            (json!({ "visibility": "private" }), json!({ "visibility": "listed" })),
            (json!({ "visibility": "unlisted" }), json!({ "visibility": "listed" })),
        ] {
            patch(app, &ada, &path, change).await.granted();
            app.platform.settle().await;
            assert!(titles(app, "").await.is_empty());
            patch(app, &ada, &path, back).await.granted();
            app.platform.settle().await;
            assert_eq!(titles(app, "").await, ["Listed"]);
        }
        let root = app.administrator("root@example.com").await;
        let root = root["access_token"].as_str().unwrap();
        for (command, found) in [("block", 0), ("unblock", 1)] {
            app.post_as(root, &format!("/api/v1/{path}/{command}"), json!({ "reason": "spam" }))
                .await
                .granted();
            app.platform.settle().await;
            assert_eq!(titles(app, "").await.len(), found, "{command}");
        }
        post(app, &ada, &format!("{path}/cancel"), json!({ "reason": "Ill" })).await.granted();
        app.platform.settle().await;
        assert!(titles(app, "").await.is_empty());
        assert_eq!(titles(app, "status=cancelled,published").await, ["Listed"]);
        delete(app, &ada, &path).await.granted();
        app.platform.settle().await;
        assert!(titles(app, "status=cancelled").await.is_empty());
    });
}

#[test]
fn the_sweeper_completes_past_events_and_extends_series_without_end() {
    test(async |app| {
        app.has_long_lists(&["events.append_to_agenda"]);
        in_september(app);
        let ada = person(app, "ada").await;
        let single = publish(app, &ada, once("Single", "Etc/UTC", "2026-09-03T10:00", &json!({}))).await;
        let mut endless = tuesdays();
        endless["schedule"]["parts"][0].as_object_mut().unwrap().remove("count");
        let series = publish(app, &ada, endless).await;
        let status = async |path: &str| app.get(&format!("/api/v1/{path}")).await.json()["status"].clone();
        app.platform.fire("EventsSweeper").await;
        assert_eq!(status(&single).await, "published");
        app.advance(std::time::Duration::from_hours(3 * 24));
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        assert_eq!((status(&single).await, status(&series).await), ("completed".into(), "published".into()));
        assert_eq!(titles(app, "").await, ["Evening of engines"]);
        let in_two_years = "collapse=occurrence&from=2027-12-01&to=2027-12-31";
        assert_eq!(titles(app, in_two_years).await.len(), 0);
        app.advance(std::time::Duration::from_hours(60 * 24));
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        assert_eq!(titles(app, in_two_years).await.len(), 1, "7 December is within 400 days");
    });
}
