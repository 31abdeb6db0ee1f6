//! The session of the pages: shared by tabs, refreshed in time, ended in all of them.

use std::time::Duration;

use futures::future::join;
use serde_json::{Value, json};

use super::{
    browser::{Site, browse},
    sign_in::sign_in,
    tab::Tab,
};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "wandering albatross over cold water";

/// Longer than an access token is valid.
const EXPIRY: Duration = Duration::from_mins(11);

/// Longer than the previous refresh token returns the current one.
const GRACE: Duration = Duration::from_secs(15);

/// Signs in and opens a page that has the session and asks for nothing.
async fn signed_in(site: &Site<'_>) -> Tab {
    let tab = site.open("/account/sign-in?next=%2Faccount%2Fconfirm-email").await;
    sign_in(&tab, ADA, PASSWORD).await;
    tab.wait_until("location.pathname === '/account/confirm-email'").await;
    tab
}

/// Sends a request of the account; returns its address, or the code of the problem.
async fn me(tab: &Tab) -> Value {
    let call = "import('/components/session.js').then((it) => it.call('GET', '/auth/me'))";
    tab.value(&format!("{call}.then((it) => it.email, (it) => it.code)")).await
}

/// Number of the account's sessions.
async fn sessions(tab: &Tab) -> Value {
    let call = "import('/components/session.js').then((it) => it.call('GET', '/auth/sessions'))";
    tab.value(&format!("{call}.then((it) => it.data.length)")).await
}

#[test]
fn tabs_share_a_session_and_do_not_end_it() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let page = format!("{}/account/confirm-email", site.origin());
        let first = signed_in(site).await;
        let second = site.open("/account/confirm-email").await;
        assert_eq!(me(&second).await, ADA, "a new tab takes the session over");
        for _ in 0..4 {
            // Both are refused, and both want to refresh.
            site.advance(EXPIRY);
            let (one, other) = join(me(&first), me(&second)).await;
            assert_eq!((one, other), (json!(ADA), json!(ADA)));
        }
        for _ in 0..3 {
            site.advance(GRACE);
            join(first.go_to(&page), second.go_to(&page)).await;
            let (one, other) = join(me(&first), me(&second)).await;
            assert_eq!((one, other), (json!(ADA), json!(ADA)));
        }
        assert_eq!(sessions(&first).await, 2, "that of the registration, and this one");
    });
}

#[test]
fn a_restored_tab_does_not_use_an_old_refresh_token() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let first = signed_in(site).await;
        let old = first.value("sessionStorage.getItem('agora.session')").await;
        let second = site.open("/account/confirm-email").await;
        for _ in 0..3 {
            site.advance(EXPIRY);
            assert_eq!(me(&first).await, ADA);
        }
        second.value(&format!("sessionStorage.setItem('agora.session', {old})")).await;
        second.go_to(&format!("{}/account/confirm-email", site.origin())).await;
        assert_eq!(me(&second).await, ADA);
        site.advance(EXPIRY);
        assert_eq!(me(&first).await, ADA, "the session lives");
    });
}

#[test]
fn a_token_is_refreshed_before_it_expires() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = signed_in(site).await;
        assert_eq!(me(&tab).await, ADA);
        let refreshes = "performance.getEntriesByType('resource').filter((it) => it.name.endsWith('/auth/refresh')).length";
        let before = tab.value(refreshes).await.as_i64().unwrap();
        tab.value("{ const now = Date.now; Date.now = () => now() + 9.5 * 60_000; }").await;
        site.advance(Duration::from_mins(9));
        let calls = "import('/components/session.js').then((it) =>
            Promise.all([1, 2, 3].map(() => it.call('GET', '/auth/me')))).then((it) => it.length)";
        assert_eq!(tab.value(calls).await, 3);
        assert_eq!(tab.value(refreshes).await, before + 1, "one for all requests");
        assert_eq!(tab.complaints().await, Vec::<String>::new(), "no token was refused");
    });
}

#[test]
fn a_sign_out_reaches_every_tab() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let first = signed_in(site).await;
        let second = site.open("/account/confirm-email").await;
        assert_eq!(me(&second).await, ADA);
        first.value("import('/components/session.js').then((it) => it.end()).then(() => null)").await;
        second.wait_until("sessionStorage.getItem('agora.session') === null").await;
        assert_eq!((me(&first).await, me(&second).await), (json!("signed_out"), json!("signed_out")));
    });
}

#[test]
fn an_ended_session_leads_to_the_sign_in_page() {
    browse(async |site| {
        let tokens = site.register(ADA, PASSWORD).await;
        let tab = signed_in(site).await;
        site.end_sessions(&tokens).await;
        tab.go_to(&format!("{}/account/organizations", site.origin())).await;
        tab.wait_until("document.title === 'Sign in – Agora'").await;
        assert_eq!(tab.value("sessionStorage.getItem('agora.session')").await, Value::Null);
    });
}

#[test]
fn an_action_goes_on_after_the_password_was_confirmed() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = signed_in(site).await;
        site.advance(Duration::from_mins(6));
        let remove = "import('/components/session.js').then((it) => it.call('DELETE', '/users/me'))";
        let remove = format!(
            "{remove}.then(() => document.title = 'deleted', (it) => document.title = it.code); null"
        );
        tab.value(&remove).await;
        assert_eq!(tab.shown("dialog h2").await, "Confirm that it is you");
        assert_eq!(tab.value("document.activeElement.id").await, "field-password");
        assert_eq!(super::accessibility::barriers(&tab).await, Vec::<String>::new());
        tab.press("Escape").await;
        tab.wait_until("document.title === 'cancelled'").await;

        tab.value(&remove).await;
        tab.fill("#field-password", "wrong").await;
        tab.press("Enter").await;
        assert_eq!(tab.shown(".fault").await, "The password is wrong.");
        tab.fill("#field-password", PASSWORD).await;
        tab.press("Enter").await;
        tab.wait_until("document.title === 'deleted'").await;
        tab.wait_until("document.querySelector('dialog') === null").await;
    });
}
