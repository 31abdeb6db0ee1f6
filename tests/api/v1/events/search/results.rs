//! Results: pages, occurrences, and facets.

use serde_json::{Value, json};

use super::{four, once, publish, titles};
use crate::api::v1::{
    events::{in_september, tuesdays},
    organizations::{patch, person, post, test},
};

#[test]
fn pages_follow_each_other_while_events_come_and_go() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        for number in 1..=9 {
            let start = format!("2026-10-{number:02}T10:00");
            publish(app, &ada, once(&format!("Number {number}"), "Etc/UTC", &start, &json!({}))).await;
        }
        app.advance(std::time::Duration::from_secs(5));
        let mut seen = Vec::new();
        let mut path = "/api/v1/events?limit=2".to_owned();
        loop {
            let page = app.get(&path).await.json();
            let data = page["data"].as_array().unwrap().iter();
            seen.extend(data.map(|event| event["title"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/events?limit=2&cursor={cursor}");
            if seen.len() == 4 {
                publish(app, &ada, once("Late", "Etc/UTC", "2026-10-01T12:00", &json!({}))).await;
                publish(app, &ada, once("In time", "Etc/UTC", "2026-10-08T12:00", &json!({}))).await;
                app.advance(std::time::Duration::from_secs(5));
            }
        }
        let mut wanted: Vec<String> = (1..=9).map(|number| format!("Number {number}")).collect();
        wanted.insert(8, "In time".to_owned());
        assert_eq!(seen, wanted);
    });
}

#[test]
fn an_entry_stands_for_an_event_or_for_each_of_its_dates() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = publish(app, &ada, tuesdays()).await;
        assert_eq!(titles(app, "").await.len(), 1);
        assert_eq!(titles(app, "collapse=occurrence&limit=100").await.len(), 20);
        let all = |query: &'static str| async move {
            app.advance(std::time::Duration::from_secs(5));
            let page = app.get(&format!("/api/v1/events?limit=100&{query}")).await.json();
            let data = page["data"].as_array().unwrap().clone();
            data.iter().map(|it| it["occurrence"]["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let november = "collapse=occurrence&from=2026-11-01&to=2026-11-30";
        assert_eq!(all(november).await, ["2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24"]);
        assert_eq!(all("from=2026-11-01").await, ["2026-11-03"], "the first fitting date");
        // A cancelled date is found as such only.
        post(app, &ada, &format!("{path}/occurrences/2026-11-10/cancel"), Value::Null).await.granted();
        app.platform.settle().await;
        assert_eq!(all(november).await, ["2026-11-03", "2026-11-17", "2026-11-24"]);
        let cancelled = "collapse=occurrence&status=cancelled&from=2026-11-01&to=2026-11-30";
        assert_eq!(all(cancelled).await, ["2026-11-10"]);
        // A moved one is found where it is.
        patch(app, &ada, &format!("{path}/occurrences/2026-11-17"), json!({ "start": "2027-06-01T19:00" }))
            .await
            .granted();
        app.platform.settle().await;
        assert_eq!(all("collapse=occurrence&from=2027-06-01&to=2027-06-01").await, ["2026-11-17"]);
    });
}

#[test]
fn facets_count_the_results_by_value() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        app.advance(std::time::Duration::from_secs(5));
        let facets = app.get("/api/v1/events/facets?country=DE").await.json();
        assert_eq!(facets["total"], 2);
        assert_eq!(facets["categories"], json!([{ "value": "music", "count": 2 }]));
        let cities = json!([{ "value": "Berlin", "count": 1 }, { "value": "Potsdam", "count": 1 }]);
        assert_eq!(facets["cities"], cities);
        assert_eq!(
            facets["prices"],
            json!([{ "value": "free", "count": 1 }, { "value": "priced", "count": 1 }])
        );
        assert_eq!(facets["months"], json!([{ "value": "2026-10", "count": 2 }]));
    });
}
