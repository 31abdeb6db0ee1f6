//! `/events/{slug}`.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    super::{
        accessibility::{FURTHER, PRESENTATIONS, barriers},
        browser::browse,
        sign_in::sign_in,
    },
    ADA, PASSWORD, day, evening, published, send,
};

/// Chromium's own message for an event that does not exist.
const NOT_FOUND: &str =
    "error: Failed to load resource: the server responded with a status of 404 (Not Found)";

#[test]
fn a_page_has_the_facts_and_structured_data() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let fields = json!({
            "summary": "Talks about machines.", "description": "First line\nSecond line",
            "categories": ["talks"], "tags": ["history"], "language": "en",
            "ticket_types": [
                { "name": "Seat", "price": { "amount": 1250, "currency": "EUR" } },
                { "name": "Standing", "price": { "amount": 0, "currency": "EUR" } },
            ],
        });
        let event = published(site, &ada, &evening("Evening of engines", &fields)).await;
        let tab = site.tab().await;
        tab.in_zone("America/New_York").await;
        tab.present("en-GB", "light", 1280).await;
        tab.go_to(&format!("{}/events/evening-of-engines", site.origin())).await;
        tab.wait_until("document.title === 'Evening of engines – Agora'").await;
        let facts = tab.text("dl").await;
        for fact in [
            "19:00–21:00",
            "Central European",
            "13:00–15:00",
            "Lovelace Hall",
            "Berlin, Germany",
            "Seat: €12.50",
            "Standing: Free",
            "English",
        ] {
            assert!(facts.contains(fact), "{fact}: {facts}");
        }
        let map = tab.value("document.querySelector('dd a[href*=openstreetmap]').href").await;
        assert_eq!(map, "https://www.openstreetmap.org/search?query=Lovelace%20Hall%2C%20Berlin%2C%20DE");
        assert_eq!(tab.value("document.querySelector('.lines').innerText").await, "First line\nSecond line");
        let topics = tab
            .value("[...document.querySelectorAll('.chips a')].map((it) => it.getAttribute('href'))")
            .await;
        assert_eq!(topics, json!(["/events?category=talks", "/events?tag=history"]));
        let data = tab
            .value("JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)")
            .await;
        assert_eq!((&data["@type"], &data["name"]), (&json!("Event"), &json!("Evening of engines")));
        let description = "document.querySelector('meta[name=description]').content";
        assert_eq!(tab.value(description).await, "Talks about machines.");
        let calendar =
            tab.value("fetch(document.querySelector('.actions a').href).then((it) => it.text())").await;
        assert!(calendar.as_str().unwrap().contains(event["id"].as_str().unwrap()), "{calendar}");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn hostile_texts_stay_texts() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let title = "<script>document.title = 'taken'</script>";
        let fields = json!({
            "description": "</script><img src=x onerror=alert(1)>",
            "tags": ["<b>bold</b>"],
            "images": ["https://images.example/1.png", "https://images.example/2.png"],
            "venue": { "name": "<i>Hall</i>", "city": "Berlin\u{2009}&amp;", "country": "DE" },
        });
        let event = published(site, &ada, &evening(title, &fields)).await;
        let path = format!("/events/{}", event["slug"].as_str().unwrap());
        let tab = site.open(&path).await;
        tab.wait_until(&format!("document.title === {:?}", format!("{title} – Agora"))).await;
        assert_eq!(tab.text("h1").await, title);
        let added = "document.querySelectorAll('main :is(script, b, i, img[src=x])').length";
        assert_eq!(tab.value(added).await, 0);
        let data = tab
            .value("JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)")
            .await;
        assert_eq!(data["name"], title);
        let complaints = tab.complaints().await;
        let images = |line: &String| line.contains("images.example") || line.contains("ERR_");
        assert!(complaints.iter().all(images), "{complaints:?}");
    });
}

#[test]
fn an_unknown_event_is_told_so() {
    browse(async |site| {
        let tab = site.open("/events/no-such-event").await;
        tab.wait_until("document.title === 'This event does not exist – Agora'").await;
        assert_eq!(tab.value("document.querySelector('meta[name=robots]').content").await, "noindex");
        assert_eq!(barriers(&tab).await, Vec::<String>::new());
        tab.choose("All events").await;
        tab.wait_until("location.pathname === '/events'").await;
        assert_eq!(tab.complaints().await, [NOT_FOUND]);
    });
}

#[test]
fn a_series_shows_its_dates_and_those_that_are_cancelled() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let schedule = json!({
            "time_zone": "Europe/Berlin",
            "parts": [{ "start": format!("{}T19:00", day(10)), "rule": "FREQ=DAILY", "count": 10 }],
        });
        let event = published(site, &ada, &evening("Course", &json!({ "schedule": schedule }))).await;
        let path = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
        let second = format!("{path}/occurrences/{}/cancel", day(11));
        send(site, &ada, Method::POST, &second, &Value::Null).await;
        let tab = site.open(&format!("/events/course#{}", day(12))).await;
        tab.wait_until("document.querySelectorAll('.plain [data-key]').length === 6").await;
        assert!(tab.text("[data-key]:nth-child(2)").await.contains("cancelled"));
        let when = tab.text(".when").await;
        let listed = tab.text("[data-key]:nth-child(3)").await;
        assert!(listed.starts_with(&when), "the date of the address: {when}, {listed}");
        tab.choose("Show more").await;
        tab.wait_until("document.querySelectorAll('.plain [data-key]').length === 10").await;

        let reason = json!({ "reason": "The hall is flooded" });
        send(site, &ada, Method::POST, &format!("{path}/cancel"), &reason).await;
        let tab = site.open_apart("/events/course").await;
        let notice = tab.shown(".notice").await;
        assert_eq!(notice, "This event is cancelled.Reason: The hall is flooded");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn a_draft_is_shown_to_its_organizer_only() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let draft = send(site, &ada, Method::POST, "/api/v1/events", &json!({ "title": "Secret" })).await;
        let path = format!("/events/{}", draft["id"].as_str().unwrap());
        let tab = site.open(&path).await;
        tab.wait_until("document.title === 'This event does not exist – Agora'").await;
        tab.choose("Sign in").await;
        sign_in(&tab, ADA, PASSWORD).await;
        tab.wait_until("document.title === 'Secret – Agora'").await;
        assert_eq!(tab.shown(".notice").await, "This is a draft: others do not see it.");
        tab.choose("Edit").await;
        tab.wait_until("location.pathname === '/events/manage'").await;
    });
}

#[test]
fn the_page_of_an_event_has_no_barriers() {
    have_no_barriers(&PRESENTATIONS);
}

#[test]
fn the_page_of_an_event_has_no_barriers_on_phone_and_desktop() {
    have_no_barriers(&FURTHER);
}

fn have_no_barriers(presentations: &[(&str, &str, i64)]) {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let schedule = json!({
            "time_zone": "Asia/Tokyo",
            "parts": [{ "start": format!("{}T19:00", day(10)), "rule": "FREQ=WEEKLY", "duration": "PT2H" }],
        });
        let fields = json!({
            "schedule": schedule, "summary": "An evening.", "description": "Text", "tags": ["tea"],
            "ticket_types": [
                { "name": "Seat", "price": { "amount": 1250, "currency": "EUR" } },
                { "name": "Standing", "price": { "amount": 500, "currency": "EUR" } },
            ],
        });
        published(site, &ada, &evening("Evening of engines", &fields)).await;
        for &(language, scheme, width) in presentations {
            let tab = site.tab().await;
            tab.present(language, scheme, width).await;
            tab.go_to(&format!("{}/events/evening-of-engines", site.origin())).await;
            tab.wait_until("document.querySelectorAll('[data-key]').length === 6").await;
            assert_eq!(barriers(&tab).await, Vec::<String>::new(), "{language}, {scheme}, {width}");
            assert_eq!(tab.complaints().await, Vec::<String>::new());
        }
    });
}
