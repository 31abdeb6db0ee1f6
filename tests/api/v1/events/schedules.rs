//! Changes of schedules: the past stays, changed dates are carried over or listed, a new zone.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{dates, event, faults, in_september, published, shown, tuesdays};
use crate::{
    api::v1::organizations::{Person, ask, delete, get, patch, person, post, refused, test},
    harness::App,
};

/// The rule of the tests on every other Tuesday.
fn fortnights() -> Value {
    let mut schedule = tuesdays()["schedule"].clone();
    schedule["parts"][0]["rule"] = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU".into();
    json!({ "schedule": schedule })
}

/// Moves 13 October, retitles 20 October and cancels 27 October.
async fn change_three_dates(app: &App, ada: &Person, path: &str) {
    let moved = json!({
        "start": "2026-10-14T20:00",
        "duration": "PT3H",
        "title": "Late",
        "venue": { "city": "Potsdam", "country": "DE" },
    });
    patch(app, ada, &format!("{path}/occurrences/2026-10-13"), moved).await.granted();
    patch(app, ada, &format!("{path}/occurrences/2026-10-20"), json!({ "title": "Stays" })).await.granted();
    post(app, ada, &format!("{path}/occurrences/2026-10-27/cancel"), Value::Null).await.granted();
}

/// Keys of the dropped dates of a reply.
fn dropped(reply: &Value) -> Vec<&str> {
    reply["dropped"].as_array().unwrap().iter().map(|date| date["key"].as_str().unwrap()).collect()
}

/// Starts of an event's occurrences.
async fn starts(app: &App, path: &str) -> Vec<String> {
    let list = app.get(&format!("/api/v1/{path}/occurrences?from=2026-10-01&limit=100")).await.json();
    let dates = list["data"].as_array().unwrap().iter();
    dates.map(|date| date["starts_at"].as_str().unwrap().to_owned()).collect()
}

/// To 14 October, after two of the Tuesdays.
async fn in_october(app: &App, person: Person) -> Person {
    app.advance(Duration::from_hours(24 * 43));
    let token = app.log_in(&person.email).await["access_token"].as_str().unwrap().to_owned();
    Person { token, ..person }
}

#[test]
fn a_change_of_a_running_series_names_its_first_date() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let mut schedule = tuesdays()["schedule"].clone();
        schedule["parts"][0]["start"] = "2026-10-06T18:00".into();
        let early = patch(app, &ada, &path, json!({ "schedule": schedule })).await.json();
        assert_eq!((&early["split_at"], &early["dropped"]), (&Value::Null, &json!([])), "none has begun");
        let ada = in_october(app, ada).await;
        schedule["parts"][0]["start"] = "2026-10-06T20:00".into();
        let change = json!({ "schedule": schedule });
        let late = patch(app, &ada, &path, change.clone()).await.json();
        assert_eq!((&late["split_at"], &late["dropped"]), (&"2026-10-14".into(), &json!([])));
        // The same again changes nothing, and a title moves no date.
        let again = patch(app, &ada, &path, change).await.json();
        assert_eq!((&again["version"], &again["split_at"]), (&late["version"], &Value::Null));
        let titled = patch(app, &ada, &path, json!({ "title": "Other" })).await.json();
        assert_eq!(titled["split_at"], Value::Null);
        let all = json!({ "scope": "all", "start": "2026-10-20T21:00" });
        let all = patch(app, &ada, &format!("{path}/occurrences/2026-10-20"), all).await.json();
        assert_eq!((&all["key"], &all["split_at"]), (&"2026-10-20".into(), &"2026-10-20".into()));
        let times: Vec<String> = dates(app, &path).await.iter().map(|it| it[11..16].to_owned()).collect();
        assert_eq!(times[..3], ["18:00", "18:00", "21:00"]);
    });
}

#[test]
fn changed_dates_that_a_new_rule_does_not_give_are_listed() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &path).await;
        let changed = patch(app, &ada, &path, fortnights()).await.json();
        let expected = json!([
            {
                "key": "2026-10-13",
                "status": "scheduled",
                "start": "2026-10-14T20:00",
                "duration": "PT3H",
                "title": "Late",
                "venue": { "city": "Potsdam", "country": "DE" },
            },
            {
                "key": "2026-10-27",
                "status": "cancelled",
                "start": null,
                "duration": null,
                "title": null,
                "venue": null,
            },
        ]);
        assert_eq!((&changed["split_at"], &changed["dropped"]), (&Value::Null, &expected));
        let found = dates(app, &path).await;
        assert_eq!(found[..2], ["2026-10-06T19:00 scheduled", "2026-10-20T19:00 scheduled"]);
        // They do not come back with the rule; the date that stayed has its title.
        let back = patch(app, &ada, &path, tuesdays()).await.json();
        assert_eq!(back["dropped"], json!([]));
        let found = dates(app, &path).await;
        assert_eq!(found[1], "2026-10-13T19:00 scheduled");
        assert_eq!(found[3], "2026-10-27T19:00 scheduled");
        assert_eq!(shown(app, &ada, &format!("{path}/occurrences/2026-10-20")).await["title"], "Stays");
    });
}

#[test]
fn changed_dates_become_added_ones_on_request() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &path).await;
        for (query, code) in
            [("orphans=adopt", "invalid_parameter"), ("keep=", ""), ("orphan=keep", "unknown_parameter")]
        {
            let reply = ask(app, &ada, Method::PATCH, &format!("{path}?{query}"), json!({})).await;
            match code {
                "" => assert_eq!(reply.status, 200, "{query}"),
                code => assert_eq!(refused(&reply), (400, code), "{query}"),
            }
        }
        let target = format!("{path}?orphans=keep");
        let kept = ask(app, &ada, Method::PATCH, &target, fortnights()).await.json();
        assert_eq!(kept["dropped"], json!([]));
        assert_eq!(kept["schedule"]["added"], json!(["2026-10-13T19:00", "2026-10-27T19:00"]));
        let found = dates(app, &path).await;
        assert_eq!(
            found[..4],
            [
                "2026-10-06T19:00 scheduled",
                "2026-10-14T20:00 scheduled",
                "2026-10-20T19:00 scheduled",
                "2026-10-27T19:00 cancelled"
            ]
        );
        assert_eq!(found.len(), 22, "twenty of the rule, and two");
    });
}

#[test]
fn a_skipped_date_keeps_its_changes_for_its_return() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &path).await;
        let skip = json!({ "schedule": { "skipped": ["2026-10-20"] } });
        for target in [path.clone(), format!("{path}?orphans=keep")] {
            let skipped = ask(app, &ada, Method::PATCH, &target, skip.clone()).await.json();
            assert_eq!(skipped["dropped"], json!([]));
            assert_eq!(skipped["schedule"]["skipped"], json!(["2026-10-20"]));
            let restore = format!("{path}/occurrences/2026-10-20/restore");
            assert_eq!(post(app, &ada, &restore, Value::Null).await.json()["title"], "Stays");
        }
        // A skipped date is no date to keep.
        delete(app, &ada, &format!("{path}/occurrences/2026-10-13")).await.granted();
        let target = format!("{path}?orphans=keep");
        let kept = ask(app, &ada, Method::PATCH, &target, fortnights()).await.json();
        assert_eq!(dropped(&kept), ["2026-10-13"]);
        assert_eq!(kept["schedule"]["added"], json!(["2026-10-27T19:00"]));
    });
}

#[test]
fn a_series_that_no_longer_gives_the_date_shows_the_next() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &path).await;
        let version = shown(app, &ada, &path).await["version"].clone();
        let rule = json!({ "scope": "all", "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU" });
        let reply = patch(app, &ada, &format!("{path}/occurrences/2026-10-14"), rule.clone()).await;
        assert_eq!(refused(&reply), (404, "occurrence_not_in_series"));
        assert_eq!(shown(app, &ada, &path).await["version"], version, "nothing has changed");
        let changed = patch(app, &ada, &format!("{path}/occurrences/2026-10-13"), rule).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        assert_eq!(changed.json()["key"], "2026-10-06");
        assert_eq!(dropped(&changed.json()), ["2026-10-13", "2026-10-27"]);
        // This and following: what the later dates of the new rule do not have.
        let weekly = json!({ "scope": "this_and_following", "rule": "FREQ=WEEKLY;BYDAY=TU" });
        patch(app, &ada, &format!("{path}/occurrences/2026-10-20"), weekly).await.granted();
        post(app, &ada, &format!("{path}/occurrences/2026-11-03/cancel"), Value::Null).await.granted();
        let target = format!("{path}/occurrences/2026-10-20?orphans=keep");
        let body = json!({ "scope": "this_and_following", "until": "2026-10-27" });
        let ended = ask(app, &ada, Method::PATCH, &target, body).await.json();
        assert_eq!((&ended["key"], &ended["dropped"]), (&"2026-10-20".into(), &json!([])));
        assert_eq!(dates(app, &path).await.last().unwrap(), "2026-11-03T19:00 cancelled");
    });
}

#[test]
fn a_new_zone_keeps_the_clock_or_the_instants() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let moved = json!({ "start": "2026-10-28T20:00" });
        patch(app, &ada, &format!("{path}/occurrences/2026-10-27"), moved).await.granted();
        let before = starts(app, &path).await;
        let ada = in_october(app, ada).await;
        let instant = format!("{path}?keep=instant");
        let to = |zone: &str| json!({ "schedule": { "time_zone": zone } });
        let london = ask(app, &ada, Method::PATCH, &instant, to("Europe/London")).await.json();
        assert_eq!(london["schedule"]["parts"][0]["start"], "2026-10-06T18:00");
        assert_eq!((&london["split_at"], &london["dropped"]), (&Value::Null, &json!([])));
        assert_eq!(starts(app, &path).await, before, "of the past, of the future, and of the moved date");
        let date = shown(app, &ada, &format!("{path}/occurrences/2026-10-27")).await;
        assert_eq!(date["local_start"], "2026-10-28T19:00");
        let refused = ask(app, &ada, Method::PATCH, &instant, to("Pacific/Auckland")).await;
        assert_eq!(faults(&refused), [("/schedule".to_owned(), "start_on_another_date".to_owned())]);
        assert_eq!(shown(app, &ada, &path).await["version"], london["version"]);
        let berlin = patch(app, &ada, &path, to("Europe/Berlin")).await.json();
        assert_eq!(berlin["schedule"]["parts"][0]["start"], "2026-10-06T18:00");
        assert_eq!(starts(app, &path).await[0], "2026-10-06T16:00:00.000Z");
    });
}

#[test]
fn a_new_time_and_a_removed_schedule_list_changed_dates_too() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &path).await;
        let single = json!({ "schedule": {
            "time_zone": "Europe/Berlin", "parts": [{ "start": "2026-10-20T20:00", "duration": "PT2H" }],
        }});
        let reply = post(app, &ada, &format!("{path}/reschedule"), single).await.json();
        assert_eq!(dropped(&reply), ["2026-10-13", "2026-10-27"]);
        assert_eq!(dates(app, &path).await, ["2026-10-20T20:00 scheduled"]);
        let draft = event(app, &ada, tuesdays()).await;
        change_three_dates(app, &ada, &draft).await;
        let bare = ask(app, &ada, Method::PUT, &draft, json!({ "title": "Bare" })).await.json();
        assert_eq!(dropped(&bare), ["2026-10-13", "2026-10-20", "2026-10-27"]);
        patch(app, &ada, &draft, tuesdays()).await.granted();
        let list = get(app, &ada, &format!("{draft}/occurrences?from=2026-10-01")).await.json();
        let as_ruled = |date: &Value| date["status"] == "scheduled" && date.get("title").is_none();
        assert!(list["data"].as_array().unwrap().iter().all(as_ruled), "{list}");
    });
}
