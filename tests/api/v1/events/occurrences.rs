//! Dates of events: zones, single dates, this and following.

use serde_json::{Value, json};

use super::{dates, in_september, published, shown, tuesdays};
use crate::api::v1::organizations::{delete, get, patch, person, post, refused, test};

/// The first proof of the issue, as far as the API shows it.
#[test]
fn weekly_dates_keep_the_clock_over_changes_of_time() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        for (zone, start, expected) in [
            ("Europe/Berlin", "2026-10-20T19:00", ["2026-10-20T17:00:00.000Z", "2026-10-27T18:00:00.000Z"]),
            (
                "America/Santiago",
                "2027-04-01T19:00",
                ["2027-04-01T22:00:00.000Z", "2027-04-08T23:00:00.000Z"],
            ),
        ] {
            let mut body = tuesdays();
            let part = json!({ "start": start, "duration": "PT2H", "rule": "FREQ=WEEKLY", "count": 2 });
            body["schedule"] = json!({ "time_zone": zone, "parts": [part] });
            let path = published(app, &ada, body).await;
            let list = app.get(&format!("/api/v1/{path}/occurrences")).await.json();
            let starts: Vec<&Value> =
                list["data"].as_array().unwrap().iter().map(|it| &it["starts_at"]).collect();
            assert_eq!(starts, expected, "{zone}");
            let clocks =
                list["data"].as_array().unwrap().iter().map(|it| it["local_start"].as_str().unwrap());
            assert!(clocks.clone().all(|clock| clock.ends_with("T19:00")), "{zone}");
        }
    });
}

/// The second proof of the issue, as far as the API shows it.
#[test]
fn following_then_hours_then_a_cancelled_date_lose_nothing() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let before = dates(app, &path).await;
        assert_eq!(before.len(), 20);
        let fifth = before[4].split('T').next().unwrap();
        let body =
            json!({ "scope": "this_and_following", "start": format!("{fifth}T20:00"), "title": "Late" });
        let reply = patch(app, &ada, &format!("{path}/occurrences/{fifth}"), body).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        assert_eq!((&reply.json()["title"], &reply.json()["key"]), (&"Late".into(), &fifth.into()));
        let first = before[0].split('T').next().unwrap();
        let body = json!({ "scope": "all", "start": format!("{first}T18:30") });
        assert_eq!(patch(app, &ada, &format!("{path}/occurrences/{first}"), body).await.status, 200);
        let twelfth = before[11].split('T').next().unwrap();
        let cancel = format!("{path}/occurrences/{twelfth}/cancel");
        assert_eq!(post(app, &ada, &cancel, Value::Null).await.json()["status"], "cancelled");
        let expected: Vec<String> = before
            .iter()
            .enumerate()
            .map(|(place, date)| {
                let date = date.split('T').next().unwrap();
                let time = if place < 4 { "18:30" } else { "20:00" };
                let status = if place == 11 { "cancelled" } else { "scheduled" };
                format!("{date}T{time} {status}")
            })
            .collect();
        assert_eq!(dates(app, &path).await, expected);
        // Only the title: no date moves.
        patch(app, &ada, &path, json!({ "title": "Evening of looms" })).await.granted();
        assert_eq!(dates(app, &path).await, expected);
    });
}

#[test]
fn a_date_is_moved_skipped_and_restored() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let third = format!("{path}/occurrences/2026-10-20");
        let body = json!({ "start": "2026-10-21T20:00", "venue": { "city": "Potsdam", "country": "DE" } });
        let moved = patch(app, &ada, &third, body).await.json();
        assert_eq!(moved["starts_at"], "2026-10-21T18:00:00.000Z");
        assert_eq!((&moved["key"], &moved["moved"]), (&"2026-10-20".into(), &true.into()));
        assert_eq!(moved["venue"]["city"], "Potsdam");
        let plain = patch(app, &ada, &third, json!({ "start": null, "venue": null })).await.json();
        assert_eq!((&plain["moved"], plain.get("venue")), (&false.into(), None));
        assert_eq!(delete(app, &ada, &third).await.status, 204);
        assert_eq!(delete(app, &ada, &third).await.status, 204);
        assert_eq!(refused(&get(app, &ada, &third).await), (404, "occurrence_not_in_series"));
        assert_eq!(dates(app, &path).await.len(), 19);
        assert_eq!(post(app, &ada, &format!("{third}/restore"), Value::Null).await.status, 200);
        assert_eq!(dates(app, &path).await.len(), 20);
        for key in ["2026-10-21", "tomorrow", "2026-10-20.2"] {
            let reply = post(app, &ada, &format!("{path}/occurrences/{key}/cancel"), Value::Null).await;
            assert_eq!(refused(&reply), (404, "occurrence_not_in_series"), "{key}");
        }
        let reply = patch(app, &ada, &third, json!({ "rule": "FREQ=DAILY" })).await;
        assert_eq!(super::faults(&reply), [("/scope".to_owned(), "invalid_scope".to_owned())]);
    });
}

#[test]
fn a_removed_schedule_takes_its_exceptions_along() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = super::event(app, &ada, tuesdays()).await;
        post(app, &ada, &format!("{path}/occurrences/2026-10-13/cancel"), Value::Null).await.granted();
        patch(app, &ada, &path, json!({ "schedule": null })).await.granted();
        patch(app, &ada, &path, tuesdays()).await.granted();
        post(app, &ada, &format!("{path}/publish"), Value::Null).await.granted();
        assert!(dates(app, &path).await.iter().all(|date| date.ends_with("scheduled")));
    });
}

#[test]
fn pages_of_occurrences_join_to_the_whole() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let mut found = Vec::new();
        let mut next = format!("/api/v1/{path}/occurrences?limit=7");
        loop {
            let page = app.get(&next).await.json();
            found.extend(page["data"].as_array().unwrap().iter().map(|it| it["key"].clone()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("/api/v1/{path}/occurrences?limit=7&cursor={cursor}");
        }
        assert_eq!((found.len(), &found[0], &found[19]), (20, &"2026-10-06".into(), &"2027-02-16".into()));
        // A day is that of the event's zone, with its end.
        let day = app.get(&format!("/api/v1/{path}/occurrences?from=2026-10-27&to=2026-10-27")).await.json();
        assert_eq!(day["data"].as_array().unwrap().len(), 1);
        for range in ["from=2026-10-27&to=2026-10-26", "from=yesterday", "from=2026-01-01&to=2028-01-01"] {
            let reply = app.get(&format!("/api/v1/{path}/occurrences?{range}")).await;
            assert_eq!(reply.problem(), (400, "invalid_parameter".to_owned()), "{range}");
        }
    });
}

#[test]
fn a_running_series_keeps_its_past() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        app.advance(std::time::Duration::from_hours(24 * 43));
        let token = app.log_in(&ada.email).await["access_token"].as_str().unwrap().to_owned();
        let ada = crate::api::v1::organizations::Person { token, ..ada };
        let mut schedule = tuesdays()["schedule"].clone();
        schedule["parts"][0]["start"] = "2026-10-06T18:00".into();
        let reply = patch(app, &ada, &path, json!({ "schedule": schedule })).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        let times: Vec<String> = dates(app, &path).await.iter().map(|it| it[11..16].to_owned()).collect();
        assert_eq!(times[..2], ["19:00", "19:00"]);
        assert!(times.len() == 20 && times[2..].iter().all(|time| time == "18:00"), "{times:?}");
        assert_eq!(shown(app, &ada, &path).await["schedule"]["parts"].as_array().unwrap().len(), 2);
    });
}
