//! `/events`: the month view.

use jiff::{Span, civil::Date};
use serde_json::json;

use super::{
    super::{
        accessibility::{FURTHER, PRESENTATIONS, barriers},
        browser::{Site, browse},
    },
    ADA, PASSWORD, cards, evening, published, today,
};

/// The 15th of the next month.
fn middle() -> Date {
    today().first_of_month().checked_add(Span::new().months(1).days(14)).unwrap()
}

fn after(days: i64) -> String {
    middle().checked_add(Span::new().days(days)).unwrap().to_string()
}

/// A series of five days from the middle of the next month on.
async fn series(site: &Site<'_>) {
    let ada = site.register(ADA, PASSWORD).await;
    let schedule = json!({
        "time_zone": "Europe/Berlin",
        "parts": [{ "start": format!("{}T19:00", middle()), "duration": "PT1H", "rule": "FREQ=DAILY", "count": 5 }],
    });
    published(site, &ada, &evening("Course of five days", &json!({ "schedule": schedule }))).await;
    site.settle().await;
}

#[test]
fn the_month_is_read_with_the_keyboard() {
    browse(async |site| {
        series(site).await;
        let tab = site.open(&format!("/events?view=month&day={}", middle())).await;
        tab.wait_until("document.querySelector('main > h2')?.textContent === '5 dates'").await;
        cards(&tab, &["Course of five days"]).await;
        let focused = "document.activeElement.dataset.day";
        tab.value("document.querySelector('.month td[tabindex=\"0\"]').focus()").await;
        assert_eq!(tab.value(focused).await, middle().to_string());
        assert_eq!(tab.value("document.querySelectorAll('.month td[tabindex=\"0\"]').length").await, 1);

        tab.press("ArrowLeft").await;
        assert_eq!(tab.value(focused).await, after(-1));
        cards(&tab, &[]).await;
        assert!(tab.value("document.body.innerText.includes('No events on this day.')").await == true);
        tab.press("ArrowRight").await;
        tab.press("ArrowRight").await;
        assert_eq!(tab.value(focused).await, after(1));
        let label = tab.value("document.activeElement.querySelector('.unseen').textContent").await;
        assert!(label.as_str().unwrap().ends_with(", 1 date"), "{label}");
        cards(&tab, &["Course of five days"]).await;
        tab.press("ArrowDown").await;
        assert_eq!(tab.value(focused).await, after(8));
        assert_eq!(tab.value("new URLSearchParams(location.search).get('day')").await, after(8));

        tab.press("PageDown").await;
        let later = middle().checked_add(Span::new().days(8).months(1)).unwrap().to_string();
        tab.wait_until(&format!("{focused} === {later:?}")).await;
        tab.wait_until("document.querySelector('main > h2').textContent === '0 dates'").await;
        tab.value("history.back()").await;
        tab.wait_until("document.querySelector('main > h2').textContent === '5 dates'").await;

        tab.click(&format!("[data-day='{}']", after(2))).await;
        tab.press("Enter").await;
        assert_eq!(tab.value("document.activeElement.tagName").await, "H3");
        tab.choose("Course of five days").await;
        tab.wait_until(&format!("location.hash === '#{}'", after(2))).await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn the_buttons_lead_to_other_months() {
    browse(async |site| {
        let tab = site.open(&format!("/events?view=month&day={}", middle())).await;
        tab.wait_until("document.querySelector('#month') !== null").await;
        tab.choose("Next month").await;
        let next = middle().checked_add(Span::new().months(1)).unwrap();
        tab.wait_until(&format!("new URLSearchParams(location.search).get('day') === '{next}'")).await;
        tab.wait_until("document.activeElement.ariaLabel === 'Next month'").await;
        tab.choose("Previous month").await;
        tab.wait_until(&format!("new URLSearchParams(location.search).get('day') === '{}'", middle())).await;
        tab.choose("List").await;
        tab.wait_until("location.search === ''").await;
    });
}

#[test]
fn the_month_has_no_barriers() {
    have_no_barriers(&PRESENTATIONS);
}

#[test]
fn the_month_has_no_barriers_on_a_light_phone_and_a_dark_desktop() {
    have_no_barriers(&FURTHER);
}

fn have_no_barriers(presentations: &[(&str, &str, i64)]) {
    browse(async |site| {
        series(site).await;
        for &(language, scheme, width) in presentations {
            let tab = site.tab().await;
            tab.present(language, scheme, width).await;
            tab.go_to(&format!("{}/events?view=month&day={}", site.origin(), middle())).await;
            tab.wait_until("document.querySelectorAll('.month .count').length === 5").await;
            cards(&tab, &["Course of five days"]).await;
            assert_eq!(barriers(&tab).await, Vec::<String>::new(), "{language}, {scheme}, {width}");
            assert_eq!(tab.complaints().await, Vec::<String>::new());
        }
    });
}
