//! `/events`: the list.

use serde_json::json;

use super::{
    super::{
        accessibility::{FURTHER, PRESENTATIONS, barriers},
        browser::{Site, browse},
    },
    ADA, PASSWORD, cards, day, evening, published,
};

/// Three events of Ada's in the order of their dates.
async fn three(site: &Site<'_>) {
    let ada = site.register(ADA, PASSWORD).await;
    let ticket = json!([{ "name": "Seat", "price": { "amount": 1250, "currency": "EUR" } }]);
    let jazz = json!({
        "categories": ["music"], "tags": ["jazz"], "language": "de", "ticket_types": ticket,
        "venue": { "name": "Cellar", "city": "Berlin", "country": "DE", "latitude": 52.52, "longitude": 13.405 },
    });
    published(site, &ada, &evening("Jazz in the cellar", &jazz)).await;
    let run = json!({
        "categories": ["sports"],
        "venue": { "name": "Park", "city": "Potsdam", "country": "DE", "latitude": 52.3989, "longitude": 13.0657 },
        "schedule": { "time_zone": "Europe/Berlin", "parts": [{ "start": format!("{}T08:00", day(11)) }] },
    });
    published(site, &ada, &evening("Morning run", &run)).await;
    let talk = json!({
        "categories": ["talks"], "mode": "online", "online_url": "https://example.com/talk", "venue": null,
        "schedule": { "time_zone": "Etc/UTC", "parts": [{ "start": day(12), "duration": "P2D" }], "all_day": true },
    });
    published(site, &ada, &evening("Talk of engines", &talk)).await;
    site.settle().await;
}

const ALL: [&str; 3] = ["Jazz in the cellar", "Morning run", "Talk of engines"];

#[test]
fn the_address_holds_the_filters() {
    browse(async |site| {
        three(site).await;
        let tab = site.open("/events").await;
        cards(&tab, &ALL).await;
        assert_eq!(tab.shown("main > h2").await, "3 events");

        tab.fill("#field-q", "jazz").await;
        tab.press("Enter").await;
        cards(&tab, &ALL[..1]).await;
        assert_eq!(tab.value("location.search").await, "?q=jazz");
        assert_eq!(tab.shown("main > h2").await, "1 event");
        assert_eq!(tab.value("document.activeElement.textContent").await, "1 event");

        tab.value("history.back()").await;
        cards(&tab, &ALL).await;
        assert_eq!(tab.value("document.getElementById('field-q').value").await, "");

        tab.choose("Sports 1").await;
        cards(&tab, &ALL[1..2]).await;
        assert_eq!(tab.value("location.search").await, "?category=sports");
        tab.value("location.reload()").await;
        cards(&tab, &ALL[1..2]).await;
        tab.wait_until("document.getElementById('field-category').value === 'sports'").await;
        tab.choose("Remove the filter Sports").await;
        cards(&tab, &ALL).await;

        tab.value("document.querySelector('summary').parentElement.open = true").await;
        tab.set("price", "max").await;
        tab.fill("#field-price_max", "12,00").await;
        tab.choose("Apply").await;
        cards(&tab, &ALL[1..]).await;
        assert_eq!(tab.value("location.search").await, "?currency=EUR&price_lte=1200");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn a_card_has_time_place_and_price() {
    browse(async |site| {
        three(site).await;
        let tab = site.tab().await;
        tab.in_zone("America/New_York").await;
        tab.present("en-GB", "light", 1280).await;
        tab.go_to(&format!("{}/events?tag=jazz", site.origin())).await;
        let card = tab.shown(".card").await;
        assert!(card.contains("19:00–21:00"), "{card}");
        assert!(card.contains("Central European") && card.contains("in your time:"), "{card}");
        assert!(card.contains("13:00–15:00"), "{card}");
        assert!(card.contains("Cellar, Berlin") && card.contains("€12.50"), "{card}");
        tab.choose("Remove the filter Tag: jazz").await;
        cards(&tab, &ALL).await;
        let talk = tab.text(".card:last-child").await;
        assert!(talk.contains("Online") && talk.contains("Free") && !talk.contains("00:00"), "{talk}");
        tab.choose("Jazz in the cellar").await;
        tab.wait_until("location.pathname === '/events/jazz-in-the-cellar'").await;
    });
}

#[test]
fn events_are_found_near_the_reader() {
    browse(async |site| {
        three(site).await;
        let tab = site.open("/events").await;
        cards(&tab, &ALL).await;
        tab.value(
            "navigator.geolocation.getCurrentPosition = (found) =>
                found({ coords: { latitude: 52.3991234, longitude: 13.0661234 } })",
        )
        .await;
        tab.click("summary").await;
        tab.choose("Near me").await;
        cards(&tab, &ALL[1..2]).await;
        assert_eq!(tab.value("new URLSearchParams(location.search).get('near')").await, "52.399,13.066");
        tab.set("radius_km", "50").await;
        tab.set("sort", "distance").await;
        tab.choose("Apply").await;
        cards(&tab, &["Morning run", "Jazz in the cellar"]).await;
        assert!(tab.text(".card:last-child").await.contains(" km"));
        tab.value("navigator.geolocation.getCurrentPosition = (_, failed) => failed({})").await;
        tab.choose("Near me").await;
        assert!(tab.shown("#status").await.starts_with("Your location is not available."));
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn more_events_follow() {
    browse(async |site| {
        let ada = site.register(ADA, PASSWORD).await;
        for number in 10..31 {
            let schedule = json!({
                "time_zone": "Europe/Berlin",
                "parts": [{ "start": format!("{}T19:00", day(number)) }],
            });
            published(site, &ada, &evening(&format!("Evening {number}"), &json!({ "schedule": schedule })))
                .await;
        }
        site.settle().await;
        let tab = site.open("/events").await;
        let titles: Vec<String> = (10..31).map(|number| format!("Evening {number}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        cards(&tab, &titles[..20]).await;
        assert_eq!(tab.shown("main > h2").await, "21 events");
        tab.choose("Show more").await;
        cards(&tab, &titles).await;
        assert!(
            tab.value("document.activeElement.textContent").await.as_str().unwrap().contains("Evening 30")
        );
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn an_empty_result_and_a_wrong_filter_say_so() {
    browse(async |site| {
        let tab = site.open("/events?q=nothing").await;
        let said = tab.shown(".list [role=status]").await;
        tab.wait_until("document.querySelector('main > h2').textContent === '0 events'").await;
        assert!(said.starts_with("No event matches.") || said == "Loading …", "{said}");
        assert_eq!(barriers(&tab).await, Vec::<String>::new());

        let tab = site.open("/events?from=yesterday").await;
        tab.wait_until(
            "document.querySelector('.list [role=status]').textContent.startsWith('A filter in the address')",
        )
        .await;
        tab.choose("Try again").await;
        tab.go_offline().await;
        tab.wait_until("!document.querySelector('.list > button').hidden").await;
        tab.choose("Try again").await;
        tab.wait_until(
            "document.querySelector('.list [role=status]').textContent.startsWith('You are offline.')",
        )
        .await;
    });
}

#[test]
fn a_fault_of_a_filter_is_at_its_field() {
    browse(async |site| {
        let tab = site.open("/events").await;
        tab.wait_until("document.querySelector('details') !== null").await;
        tab.click("summary").await;
        tab.set("from", &day(9)).await;
        tab.set("to", &day(8)).await;
        tab.choose("Apply").await;
        assert_eq!(tab.shown(".fault").await, "The end is not before the start.");
        assert_eq!(tab.value("document.activeElement.name").await, "to");
        assert_eq!(tab.value("location.search").await, "", "nothing was sent");
        tab.set("to", "").await;
        tab.set("price", "max").await;
        tab.fill("#field-price_max", "cheap").await;
        tab.choose("Apply").await;
        assert_eq!(tab.shown(".fault").await, "Enter an amount such as 12.50.");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn the_calendar_has_the_filters_of_the_search() {
    browse(async |site| {
        three(site).await;
        let tab = site.open("/events?category=music&sort=-created_at").await;
        cards(&tab, &ALL[..1]).await;
        let link = tab.value("document.querySelector('.aside a').getAttribute('href')").await;
        assert_eq!(link, "/api/v1/events/calendar.ics?category=music");
        let calendar = tab.value(&format!("fetch({link}).then((it) => it.text())")).await;
        assert!(calendar.as_str().unwrap().contains("SUMMARY:Jazz in the cellar"), "{calendar}");
    });
}

#[test]
fn a_signed_in_reader_sees_the_account() {
    browse(async |site| {
        let tab = site.open("/events?q=tea").await;
        tab.choose("Sign in").await;
        site.register(ADA, PASSWORD).await;
        super::super::sign_in::sign_in(&tab, ADA, PASSWORD).await;
        tab.wait_until("location.pathname + location.search === '/events?q=tea'").await;
        tab.wait_until("document.querySelector('header').textContent.includes('Your events')").await;
    });
}

#[test]
fn the_search_has_no_barriers() {
    have_no_barriers(&PRESENTATIONS);
}

#[test]
fn the_search_has_no_barriers_on_a_light_phone_and_a_dark_desktop() {
    have_no_barriers(&FURTHER);
}

fn have_no_barriers(presentations: &[(&str, &str, i64)]) {
    browse(async |site| {
        three(site).await;
        for &(language, scheme, width) in presentations {
            let tab = site.tab().await;
            tab.present(language, scheme, width).await;
            tab.go_to(&format!("{}/events?from={}&free=true", site.origin(), day(1))).await;
            cards(&tab, &ALL[1..]).await;
            tab.wait_until("document.querySelector('.facets') !== null").await;
            tab.wait_until("document.querySelector('header nav') !== null").await;
            let title = tab.text("h1").await;
            assert_eq!(title, if language == "ru" { "События" } else { "Events" });
            assert_eq!(barriers(&tab).await, Vec::<String>::new(), "{language}, {scheme}, {width}");
            assert_eq!(tab.complaints().await, Vec::<String>::new());
        }
    });
}
