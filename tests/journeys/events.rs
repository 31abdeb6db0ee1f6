//! Journey: announce a series, change its dates, and cancel it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::target::{Target, journey};

/// Sends a request that succeeds; returns the body.
async fn granted(agora: &Target, method: Method, path: &str, token: &str, body: Option<&Value>) -> Value {
    let (status, reply) = agora.send(method, path, Some(token), body).await;
    assert!(status.is_success(), "{path}: {status} {reply}");
    reply
}

/// Local starts and statuses of the occurrences, for visitors.
async fn dates(agora: &Target, path: &str) -> Vec<(String, String)> {
    let path = format!("{path}/occurrences?from=2099-01-01&limit=100");
    let (status, list) = agora.send(Method::GET, &path, None, None).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let data = list["data"].as_array().unwrap().iter();
    data.map(|date| (text(&date["local_start"]), text(&date["status"]))).collect()
}

#[test]
fn a_series_is_announced_changed_and_cancelled() {
    journey(async |agora| {
        let (_, tokens) = agora.register("ada").await;
        let token = tokens["access_token"].as_str().unwrap();
        // Fridays over the beginning of summer time.
        let part = json!({
            "start": "2099-03-20T19:00", "duration": "PT2H", "rule": "FREQ=WEEKLY;BYDAY=FR", "count": 4,
        });
        let body = json!({
            "title": "Вечер паровых машин",
            "schedule": { "time_zone": "Europe/Berlin", "parts": [part] },
            "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
        });
        let draft = granted(agora, Method::POST, "/api/v1/events", token, Some(&body)).await;
        let path = format!("/api/v1/events/{}", draft["id"].as_str().unwrap());
        assert_eq!(agora.send(Method::GET, &path, None, None).await.0, StatusCode::NOT_FOUND);

        let published = granted(agora, Method::POST, &format!("{path}/publish"), token, None).await;
        let slug = published["slug"].as_str().unwrap();
        assert!(slug.starts_with("vecher-parovykh-mashin"), "{slug}");
        let by_slug = format!("/api/v1/events/by-slug/{slug}");
        assert_eq!(agora.send(Method::GET, &by_slug, None, None).await.1["id"], published["id"]);

        let third = format!("{path}/occurrences/2099-04-03");
        let later = json!({ "scope": "this_and_following", "start": "2099-04-03T20:00" });
        granted(agora, Method::PATCH, &third, token, Some(&later)).await;
        granted(agora, Method::POST, &format!("{path}/occurrences/2099-04-10/cancel"), token, None).await;
        let expected = [
            ("2099-03-20T19:00", "scheduled"),
            ("2099-03-27T19:00", "scheduled"),
            ("2099-04-03T20:00", "scheduled"),
            ("2099-04-10T20:00", "cancelled"),
        ];
        let expected = expected.map(|(start, status)| (start.to_owned(), status.to_owned()));
        assert_eq!(dates(agora, &path).await, expected);

        let reason = json!({ "reason": "The hall is flooded." });
        granted(agora, Method::POST, &format!("{path}/cancel"), token, Some(&reason)).await;
        let (_, page) = agora.send(Method::GET, &path, None, None).await;
        assert_eq!((&page["status"], &page["reason"]), (&"cancelled".into(), &reason["reason"]));
        assert!(dates(agora, &path).await.iter().all(|(_, status)| status == "cancelled"));
    });
}
