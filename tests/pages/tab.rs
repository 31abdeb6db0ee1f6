//! A tab: its actions and its complaints.

use std::time::Duration;

use chromiumoxide::{
    Browser, Page,
    cdp::{
        browser_protocol::{
            accessibility::GetFullAxTreeParams,
            browser::BrowserContextId,
            emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetTimezoneOverrideParams},
            log::EventEntryAdded,
            network::{EventRequestWillBeSent, SetUserAgentOverrideParams},
            target::CreateTargetParams,
        },
        js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown},
    },
    listeners::EventStream,
};
use futures::{FutureExt as _, StreamExt as _};
use serde_json::Value;

/// Maximum time for a condition of a page.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tab that shows pages of one origin.
pub struct Tab {
    page: Page,
    origin: String,
    logged: EventStream<EventEntryAdded>,
    printed: EventStream<EventConsoleApiCalled>,
    thrown: EventStream<EventExceptionThrown>,
    requested: EventStream<EventRequestWillBeSent>,
}

impl Tab {
    /// Opens an empty tab, in a context or the default one.
    pub async fn new(browser: &Browser, origin: String, context: Option<BrowserContextId>) -> Self {
        let mut target = CreateTargetParams::new("about:blank");
        // A tab that another one of its window hides is not rendered, and clicks in it would wait.
        target.new_window = Some(true);
        target.browser_context_id = context;
        let page = browser.new_page(target).await.unwrap();
        Self {
            logged: page.event_listener().await.unwrap(),
            printed: page.event_listener().await.unwrap(),
            thrown: page.event_listener().await.unwrap(),
            requested: page.event_listener().await.unwrap(),
            page,
            origin,
        }
    }

    /// Navigates to another page.
    pub async fn go_to(&self, url: &str) {
        self.page.goto(url).await.unwrap();
    }

    /// The value of a JavaScript expression.
    pub async fn value(&self, expression: &str) -> Value {
        let result = self.page.evaluate_expression(expression).await;
        result.unwrap_or_else(|error| panic!("{expression}: {error}")).value().cloned().unwrap_or_default()
    }

    /// The text of the first element that matches a selector.
    pub async fn text(&self, selector: &str) -> String {
        let value = self.value(&format!("document.querySelector({selector:?}).textContent")).await;
        value.as_str().unwrap().trim().to_owned()
    }

    /// Waits for the text of the first element with one that matches a selector.
    pub async fn shown(&self, selector: &str) -> String {
        let found = format!(
            "[...document.querySelectorAll({selector:?})].find((it) => it.textContent.trim() !== '')"
        );
        self.wait_until(&format!("{found} !== undefined")).await;
        self.value(&format!("{found}.textContent.trim()")).await.as_str().unwrap().to_owned()
    }

    /// Waits until a JavaScript expression is true.
    pub async fn wait_until(&self, expression: &str) {
        let begun = tokio::time::Instant::now();
        // Between two pages there is nothing to evaluate it in.
        while self.page.evaluate_expression(expression).await.ok().and_then(|it| it.value().cloned())
            != Some(Value::Bool(true))
        {
            if begun.elapsed() > PATIENCE {
                let text = self.value("document.body.innerText").await;
                panic!("{expression} did not come to be true of: {text}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks the first element that matches a selector.
    pub async fn click(&self, selector: &str) {
        self.page.find_element(selector).await.unwrap().click().await.unwrap();
    }

    /// Clicks the button or link with a name that is shown last, as those of a dialog are.
    pub async fn choose(&self, name: &str) {
        let named = format!(
            "[...document.querySelectorAll('button, a')]
                .findLast((it) => it.checkVisibility() && (it.ariaLabel ?? it.textContent).trim() === {name:?})"
        );
        self.wait_until(&format!("{named} !== undefined")).await;
        self.value(&format!("{named}.click()")).await;
    }

    /// Replaces the value of a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.wait_until(&format!("document.querySelector({selector:?})?.checkVisibility() ?? false")).await;
        self.value(&format!(
            "{{ const it = document.querySelector({selector:?}); it.focus(); it.select(); }}"
        ))
        .await;
        self.type_text(text).await;
    }

    /// Sets the value of the shown field with a name, as a choice in it does: of a date, a time
    /// or a list.
    pub async fn set(&self, name: &str, value: &str) {
        let field = format!(
            "[...document.getElementsByName({name:?})].findLast((it) => it.checkVisibility() && !it.disabled)"
        );
        self.wait_until(&format!("{field} !== undefined")).await;
        self.value(&format!(
            "{{ const it = {field}; it.value = {value:?}; it.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
        ))
        .await;
    }

    /// Types into the focused element.
    pub async fn type_text(&self, text: &str) {
        self.page.find_element("body").await.unwrap().type_str(text).await.unwrap();
    }

    /// Presses a key.
    pub async fn press(&self, key: &str) {
        self.page.find_element("body").await.unwrap().press_key(key).await.unwrap();
    }

    /// Role and name of every control in the accessibility tree, in alphabetical
    /// order.
    pub async fn controls(&self) -> Vec<(String, String)> {
        let tree = self.page.execute(GetFullAxTreeParams::default()).await.unwrap();
        let text = |value: Option<&chromiumoxide::cdp::browser_protocol::accessibility::AxValue>| {
            let value = value.and_then(|value| value.value.as_ref());
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let nodes = tree.result.nodes.iter().filter(|node| !node.ignored);
        let named = nodes.map(|node| (text(node.role.as_ref()), text(node.name.as_ref())));
        let mut controls: Vec<_> = named
            .filter(|(role, _)| ["button", "checkbox", "link", "textbox"].contains(&role.as_str()))
            .collect();
        controls.sort();
        controls
    }

    /// Presents pages in a language, a colour scheme and a width in pixels.
    pub async fn present(&self, language: &str, scheme: &str, width: i64) {
        let agent = self.value("navigator.userAgent").await;
        let mut agent = SetUserAgentOverrideParams::new(agent.as_str().unwrap());
        agent.accept_language = Some(language.to_owned());
        self.page.execute(agent).await.unwrap();
        let scheme = MediaFeature::new("prefers-color-scheme", scheme);
        self.page.emulate_media_features(vec![scheme]).await.unwrap();
        let metrics = SetDeviceMetricsOverrideParams::new(width, 800, 1.0, false);
        self.page.execute(metrics).await.unwrap();
    }

    /// Sets the clock of pages to a time zone.
    pub async fn in_zone(&self, zone: &str) {
        self.page.execute(SetTimezoneOverrideParams::new(zone)).await.unwrap();
    }

    /// Cuts the page off from the network.
    #[expect(deprecated, reason = "the two commands that replace it are experimental")]
    pub async fn go_offline(&self) {
        use chromiumoxide::cdp::browser_protocol::network::EmulateNetworkConditionsParams;

        let offline = EmulateNetworkConditionsParams::new(true, 0.0, 0.0, 0.0);
        self.page.execute(offline).await.unwrap();
    }

    /// Closes the tab; returns each line on the console, each exception, and each
    /// request to another origin. There should be none.
    pub async fn complaints(mut self) -> Vec<String> {
        // Events come in order: this answer comes after all earlier ones.
        self.value("document.readyState").await;
        let logged = drain(&mut self.logged).into_iter().map(|event| {
            let entry = &event.entry;
            format!("{}: {}", entry.level.as_ref(), entry.text)
        });
        let printed = drain(&mut self.printed).into_iter().map(|event| format!("console: {:?}", event.args));
        let thrown =
            drain(&mut self.thrown).into_iter().map(|event| format!("thrown: {:?}", event.exception_details));
        let requested = drain(&mut self.requested).into_iter().map(|event| event.request.url.clone());
        let elsewhere = requested
            .filter(|url| !url.starts_with("data:") && !url.starts_with(&format!("{}/", self.origin)))
            .map(|url| format!("asked for {url}"));
        let complaints = logged.chain(printed).chain(thrown).chain(elsewhere).collect();
        self.page.close().await.unwrap();
        complaints
    }
}

/// The events received so far.
fn drain<T: chromiumoxide::cdp::IntoEventKind + Unpin>(
    events: &mut EventStream<T>,
) -> Vec<std::sync::Arc<T>> {
    std::iter::from_fn(|| events.next().now_or_never().flatten()).collect()
}
