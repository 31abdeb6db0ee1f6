//! Categories of events.

use http::Method;
use serde_json::{Value, json};

use super::{event, faults, tuesdays};
use crate::api::v1::organizations::{administrator, ask, patch, person, post, refused, test};

#[test]
fn administrators_extend_the_list_and_retire_categories() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let initial = app.get("/api/v1/event-categories").await.json();
        assert_eq!((initial["categories"].as_array().unwrap().len(), &initial["version"]), (14, &0.into()));
        let path = event(app, &ada, json!({ "title": "Jazz", "categories": ["music"] })).await;
        let put = async |list: &Value| {
            ask(app, &root, Method::PUT, "event-categories", json!({ "categories": list })).await
        };
        let mut list = initial["categories"].clone();
        list[0]["retired"] = true.into();
        let jazz = json!({ "slug": "jazz", "name_en": "Jazz", "name_ru": "Джаз", "parent": "music" });
        list.as_array_mut().unwrap().push(jazz);
        let replaced = put(&list).await;
        assert_eq!((replaced.status, &replaced.json()["version"]), (200, &1.into()));
        assert_eq!(put(&list).await.json()["version"], 1);
        // A retired category stays with its events, and no other gets it.
        let kept = patch(app, &ada, &path, json!({ "categories": ["music", "jazz"] })).await.json();
        assert_eq!(kept["categories"], json!(["music", "jazz"]));
        let mut body = tuesdays();
        body["categories"] = json!(["music"]);
        let unknown = ("/categories/0".to_owned(), "unknown_category".to_owned());
        assert_eq!(faults(&post(app, &ada, "events", body).await), [unknown]);
        let mut less = list.clone();
        less.as_array_mut().unwrap().remove(1);
        assert_eq!(refused(&put(&less).await), (409, "event_category_in_use"));
        let mut deep = list.clone();
        for (slug, parent) in [("bebop", "jazz"), ("hard-bop", "bebop"), ("lost", "nowhere")] {
            let category = json!({ "slug": slug, "name_en": slug, "name_ru": slug, "parent": parent });
            deep.as_array_mut().unwrap().push(category);
        }
        let invalid = |place: usize| (format!("/categories/{place}/parent"), "invalid_parent".to_owned());
        assert_eq!(faults(&put(&deep).await), [invalid(16), invalid(17)]);
    });
}

#[test]
fn a_circle_of_categories_is_refused() {
    test(async |app| {
        let root = administrator(app).await;
        let one = json!({ "slug": "one", "name_en": "One", "name_ru": "Один", "parent": "two" });
        let two = json!({ "slug": "two", "name_en": "Two", "name_ru": "Два", "parent": "one" });
        let reply =
            ask(app, &root, Method::PUT, "event-categories", json!({ "categories": [one, two] })).await;
        assert_eq!(faults(&reply).len(), 2);
    });
}
