//! `/events/manage` with the keyboard alone: an event is made, published and cancelled.

use serde_json::{Value, json};

use super::{
    super::{browser::browse, tab::Tab},
    ADA, PASSWORD, day,
    manage::{managed, said},
};

/// Most presses of the Tab key from one control to another: every control of the page twice.
const PRESSES: usize = 200;

/// Presses the Tab key until an expression is true of the focused element, `it`.
async fn reach(tab: &Tab, condition: &str) {
    let is_reached = format!("((it) => {condition})(document.activeElement)");
    for _ in 0..PRESSES {
        if tab.value(&is_reached).await == json!(true) {
            return;
        }
        tab.press("Tab").await;
    }
    let focused = tab.value("document.activeElement.outerHTML.slice(0, 200)").await;
    panic!("{condition} was not reached; the focus is at {focused}");
}

/// Reaches a button or a link, and presses it.
async fn press(tab: &Tab, name: &str) {
    let named = "(it.ariaLabel ?? it.textContent).trim()";
    reach(tab, &format!("['BUTTON', 'A'].includes(it.tagName) && {named} === {name:?}")).await;
    tab.press("Enter").await;
}

/// Reaches a field, types into it and checks its value.
async fn enter(tab: &Tab, name: &str, typed: &str, value: &str) {
    reach(tab, &format!("it.name === {name:?}")).await;
    tab.type_text(typed).await;
    assert_eq!(tab.value("document.activeElement.value").await, value, "{name}, {typed:?} typed");
}

/// Keys that a person types into a field of a date or a time: its parts in the order of the
/// browser's language.
async fn typed(tab: &Tab, instant: &str, parts: &Value) -> String {
    let text = tab
        .value(&format!(
            "new Intl.DateTimeFormat(navigator.language, {{ timeZone: 'UTC', ...{parts} }})
                .formatToParts(new Date({instant:?}))
                .filter(({{ type }}) => type !== 'literal')
                .map(({{ type, value }}) => (type === 'dayPeriod' ? value[0] : value)).join('')"
        ))
        .await;
    text.as_str().unwrap().to_owned()
}

#[test]
fn an_event_is_made_published_and_cancelled_with_the_keyboard_alone() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = managed(site, "").await;
        tab.wait_until("document.title === 'Your events – Agora'").await;
        press(&tab, "New event").await;
        tab.wait_until("document.activeElement.id === 'field-title'").await;
        tab.type_text("Chess evening").await;
        tab.press("Enter").await;
        tab.wait_until("document.title === 'Chess evening – Agora'").await;

        let date = day(10);
        let parts = json!({ "day": "2-digit", "month": "2-digit", "year": "numeric" });
        let digits = typed(&tab, &date, &parts).await;
        enter(&tab, "schedule/parts/0/start", &digits, &date).await;
        let parts = json!({ "hour": "2-digit", "minute": "2-digit" });
        let digits = typed(&tab, &format!("{date}T19:30:00Z"), &parts).await;
        enter(&tab, "schedule/time", &digits, "19:30").await;
        enter(&tab, "venue/city", "Berlin", "Berlin").await;
        enter(&tab, "venue/country", "Germany", "DE").await;
        press(&tab, "Publish").await;
        said(&tab, "The event is public now.").await;

        // Escape leaves everything as it was, and leads back.
        press(&tab, "Postpone").await;
        tab.wait_until("document.querySelector('dialog[open]') !== null").await;
        tab.press("Escape").await;
        tab.wait_until("document.querySelector('dialog') === null").await;
        assert_eq!(tab.value("document.activeElement.textContent").await, "Postpone");

        press(&tab, "Cancel the event").await;
        tab.wait_until("document.activeElement.id === 'field-reason'").await;
        tab.type_text("The hall is flooded").await;
        tab.press("Enter").await;
        said(&tab, "The status has been changed.").await;
        assert_eq!(tab.text("h1 .badge").await, "cancelled");
        assert_eq!(tab.value("document.activeElement.tagName").await, "H1");
        press(&tab, "View the page").await;
        tab.wait_until("location.pathname === '/events/chess-evening'").await;
        assert!(tab.shown(".notice").await.contains("The hall is flooded"));
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}
