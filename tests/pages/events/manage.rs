//! `/events/manage`.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    super::{
        accessibility::{FURTHER, PRESENTATIONS, barriers},
        browser::{Site, browse},
        sign_in::sign_in,
        tab::Tab,
    },
    ADA, PASSWORD, day, evening, published, send,
};

/// Opens the page of Ada's events, or of one of them.
pub(super) async fn managed(site: &Site<'_>, part: &str) -> Tab {
    let tab = site.open_apart(&format!("/events/manage{part}")).await;
    sign_in(&tab, ADA, PASSWORD).await;
    tab.wait_until("location.pathname === '/events/manage'").await;
    tab
}

/// Waits for an announcement.
pub(super) async fn said(tab: &Tab, text: &str) {
    tab.wait_until(&format!("document.getElementById('status').textContent === {text:?}")).await;
}

/// Texts of the faults by the name of their field.
async fn faults(tab: &Tab) -> Value {
    tab.value(
        "Object.fromEntries([...document.querySelectorAll('[aria-invalid=true]')]
            .map((it) => [it.name, document.getElementById(`${it.id}-fault`).textContent]))",
    )
    .await
}

#[test]
fn a_series_is_made_published_and_cancelled() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = managed(site, "").await;
        tab.wait_until("document.title === 'Your events – Agora'").await;
        tab.choose("New event").await;
        tab.fill("#field-title", "Chess evening").await;
        tab.choose("Create").await;
        tab.wait_until("document.title === 'Chess evening – Agora'").await;

        tab.choose("Publish").await;
        tab.wait_until("document.querySelectorAll('.fault').length === 3").await;
        let missing = "Please fill in this field.";
        assert_eq!(
            faults(&tab).await,
            json!({ "schedule/parts/0/start": missing, "venue/city": missing, "venue/country": missing })
        );
        assert_eq!(tab.value("document.activeElement.name").await, "schedule/parts/0/start");

        tab.set("schedule/parts/0/start", &day(10)).await;
        tab.set("schedule/time", "19:30").await;
        tab.set("schedule/time_zone", "Europe/Berlin").await;
        tab.set("schedule/hours", "2").await;
        tab.set("schedule/parts/0/rule", "weekly").await;
        tab.set("schedule/ends", "count").await;
        tab.set("schedule/parts/0/count", "3").await;
        tab.set("venue/city", "Berlin").await;
        tab.set("venue/country", "DE").await;
        tab.choose("Publish").await;
        said(&tab, "The event is public now.").await;

        tab.wait_until("document.querySelectorAll('tbody tr').length === 3").await;
        tab.click("tbody tr:nth-child(1) button:nth-child(1)").await;
        tab.set("time", "20:15").await;
        tab.choose("Save").await;
        tab.wait_until("document.querySelector('tbody tr').textContent.includes('moved')").await;
        tab.click("tbody tr:nth-child(2) button:nth-child(2)").await;
        tab.choose("Cancel the date").await;
        tab.wait_until("document.querySelector('tbody tr:nth-child(2)').textContent.includes('cancelled')")
            .await;
        tab.click("tbody tr:nth-child(3) button:nth-child(3)").await;
        tab.choose("Skip").await;
        tab.wait_until("document.querySelectorAll('tbody tr').length === 2").await;
        tab.wait_until("document.querySelector('.plain li') !== null").await;
        tab.click(".plain button").await;
        tab.choose("Restore").await;
        tab.wait_until("document.querySelectorAll('tbody tr').length === 3").await;
        tab.choose("Cancel the event").await;
        tab.fill("#field-reason", "The hall is flooded").await;
        tab.press("Enter").await;
        said(&tab, "The status has been changed.").await;
        assert_eq!(tab.text("h1 .badge").await, "cancelled");
        assert_eq!(tab.value("document.querySelector('[name=title]').matches(':disabled')").await, true);
        tab.choose("View the page").await;
        tab.wait_until("location.pathname === '/events/chess-evening'").await;
        assert!(tab.shown(".notice").await.contains("The hall is flooded"));
    });
}

#[test]
fn repetitions_are_those_that_the_first_date_allows() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let draft = send(site, &ada, Method::POST, "/api/v1/events", &json!({ "title": "Jour fixe" })).await;
        let path = format!("/api/v1/events/{}", draft["id"].as_str().unwrap());
        let tab = managed(site, &format!("#{}", draft["id"].as_str().unwrap())).await;
        tab.set("schedule/parts/0/start", "2031-04-29").await;
        let offered =
            "[...document.getElementsByName('schedule/parts/0/rule')[0].options].map((it) => it.text)";
        let expected = json!([
            "Does not repeat",
            "Daily",
            "Weekly",
            "Monthly on day 29",
            "Monthly on the fifth Tuesday",
            "Monthly on the last Tuesday",
            "Yearly",
        ]);
        assert_eq!(tab.value(offered).await, expected);
        tab.set("schedule/time", "18:00").await;
        for (repeat, interval, rule) in [
            ("last", "1", "FREQ=MONTHLY;BYDAY=-1TU"),
            ("monthly", "2", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=29"),
            ("yearly", "1", "FREQ=YEARLY"),
            ("daily", "3", "FREQ=DAILY;INTERVAL=3"),
            ("weekly", "1", "FREQ=WEEKLY;BYDAY=TU"),
        ] {
            tab.set("schedule/parts/0/rule", repeat).await;
            tab.set("schedule/interval", interval).await;
            tab.choose("Save").await;
            said(&tab, "The event has been saved.").await;
            tab.value("document.getElementById('status').textContent = ''").await;
            let saved = send(site, &ada, Method::GET, &path, &Value::Null).await;
            assert_eq!(saved["schedule"]["parts"][0]["rule"], rule);
        }
        tab.value("location.reload()").await;
        tab.wait_until("document.getElementsByName('schedule/parts/0/rule')[0]?.value === 'weekly'").await;
        tab.choose("Save").await;
        said(&tab, "Nothing has changed.").await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn typed_text_stays_after_a_conflicting_change() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let event = published(site, &ada, &evening("Evening of engines", &json!({}))).await;
        let path = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
        let tab = managed(site, &format!("#{}", event["id"].as_str().unwrap())).await;
        tab.fill("#field-title", "Night of engines").await;
        send(site, &ada, Method::PATCH, &path, &json!({ "summary": "Theirs." })).await;
        tab.choose("Save").await;
        let told = tab.shown("form [role=alert]").await;
        assert!(told.contains("since you opened it: summary."), "{told}");
        assert_eq!(tab.value("document.getElementById('field-title').value").await, "Night of engines");
        tab.choose("Save").await;
        said(&tab, "The event has been saved.").await;
        let saved = send(site, &ada, Method::GET, &path, &Value::Null).await;
        assert_eq!((&saved["title"], &saved["summary"]), (&json!("Night of engines"), &json!("Theirs.")));
    });
}

#[test]
fn a_new_time_is_announced() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let event = published(site, &ada, &evening("Evening of engines", &json!({}))).await;
        let path = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
        let tab = managed(site, &format!("#{}", event["id"].as_str().unwrap())).await;
        tab.choose("Postpone").await;
        tab.fill("#field-reason", "Illness").await;
        tab.press("Enter").await;
        said(&tab, "The status has been changed.").await;
        tab.choose("Reschedule").await;
        assert_eq!(tab.value("document.activeElement.name").await, "schedule/parts/0/start");
        tab.set("schedule/parts/0/start", &day(20)).await;
        tab.choose("Save").await;
        said(&tab, "The event has been saved.").await;
        assert_eq!(tab.text("h1 .badge").await, "rescheduled");
        let saved = send(site, &ada, Method::GET, &path, &Value::Null).await;
        assert_eq!(saved["previous_starts"].as_array().unwrap().len(), 1);

        tab.choose("Duplicate").await;
        tab.fill("#copy-title", "Second evening").await;
        tab.press("Enter").await;
        tab.wait_until("document.title === 'Second evening – Agora'").await;
        tab.choose("Delete").await;
        tab.shown("dialog h2").await;
        tab.choose("Delete").await;
        tab.wait_until("document.title === 'Your events – Agora'").await;
        tab.wait_until("document.querySelectorAll('tbody tr').length === 1").await;
    });
}

#[test]
fn prices_and_images_have_their_faults_at_their_fields() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let draft = send(site, &ada, Method::POST, "/api/v1/events", &json!({ "title": "Concert" })).await;
        let path = format!("/api/v1/events/{}", draft["id"].as_str().unwrap());
        let tab = managed(site, &format!("#{}", draft["id"].as_str().unwrap())).await;
        tab.choose("Add a kind of ticket").await;
        assert_eq!(tab.value("document.activeElement.name").await, "ticket_types/0/name");
        tab.type_text("Seat").await;
        tab.set("ticket_types/0/price", "much").await;
        tab.choose("Save").await;
        tab.wait_until("document.querySelectorAll('.fault').length === 1").await;
        assert_eq!(faults(&tab).await, json!({ "ticket_types/0/price": "Enter an amount such as 12.50." }));
        tab.set("ticket_types/0/price", "12,50").await;
        tab.set("images", "http://example.com/a.png").await;
        tab.choose("Save").await;
        tab.wait_until("document.querySelector('[name=images]').ariaInvalid === 'true'").await;
        assert_eq!(faults(&tab).await, json!({ "images": "A web address begins with https://." }));
        tab.set("images", "").await;
        tab.choose("Save").await;
        said(&tab, "The event has been saved.").await;
        let saved = send(site, &ada, Method::GET, &path, &Value::Null).await;
        let price = json!({ "amount": 1250, "currency": "EUR" });
        assert_eq!(saved["ticket_types"], json!([{ "name": "Seat", "price": price }]));
        tab.choose("Remove the kind of ticket 1").await;
        tab.choose("Save").await;
        tab.wait_until("document.querySelectorAll('.ticket').length === 0").await;
    });
}

#[test]
fn the_managed_events_have_no_barriers() {
    have_no_barriers(&PRESENTATIONS);
}

#[test]
fn the_managed_events_have_no_barriers_on_phone_and_desktop() {
    have_no_barriers(&FURTHER);
}

fn have_no_barriers(presentations: &[(&str, &str, i64)]) {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        let schedule = json!({
            "time_zone": "Europe/Berlin",
            "parts": [{ "start": format!("{}T19:00", day(10)), "rule": "FREQ=WEEKLY", "duration": "PT2H", "count": 3 }],
        });
        let ticket = json!([{ "name": "Seat", "price": { "amount": 1250, "currency": "EUR" } }]);
        let fields = json!({ "schedule": schedule, "ticket_types": ticket });
        let event = published(site, &ada, &evening("Evening of engines", &fields)).await;
        for (place, &(language, scheme, width)) in presentations.iter().enumerate() {
            let tab = site.tab().await;
            tab.present(language, scheme, width).await;
            tab.go_to(&format!("{}/events/manage", site.origin())).await;
            if place == 0 {
                sign_in(&tab, ADA, PASSWORD).await;
            }
            tab.wait_until("document.querySelectorAll('tbody tr').length === 1").await;
            assert_eq!(barriers(&tab).await, Vec::<String>::new(), "{language}, {scheme}, {width}");
            tab.value(&format!("location.hash = {}", event["id"])).await;
            tab.wait_until("document.querySelectorAll('tbody tr').length === 3").await;
            assert_eq!(barriers(&tab).await, Vec::<String>::new(), "{language}, {scheme}, {width}");
        }
    });
}
