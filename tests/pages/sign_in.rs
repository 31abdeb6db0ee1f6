//! `/account/sign-in`: sign-in, registration, forgotten password.

use serde_json::json;

use super::{
    accessibility::barriers,
    browser::{Site, browse},
    tab::Tab,
};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "wandering albatross over cold water";
const OTHER: &str = "wandering albatross over warm water";

/// Chromium's own message for an error response.
fn refused(status: &str) -> String {
    format!("error: Failed to load resource: the server responded with a status of {status}")
}

/// Fills in the form for signing in and submits it.
pub async fn sign_in(tab: &Tab, email: &str, password: &str) {
    tab.fill("#email", email).await;
    tab.fill("#password", password).await;
    tab.press("Enter").await;
}

/// True if the password is that of the account.
async fn may_log_in(site: &Site<'_>, password: &str) -> bool {
    site.post("/api/v1/auth/login", &json!({ "email": ADA, "password": password })).await.0 == 200
}

#[test]
fn signing_in_leads_back_to_the_page_that_asked_for_it() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = site.open("/account/organizations#org_x").await;
        tab.wait_until("document.title === 'Sign in – Agora'").await;
        let back = tab.value("new URLSearchParams(location.search).get('next')").await;
        assert_eq!(back, "/account/organizations#org_x");

        tab.go_to(&format!("{}/account/sign-in?next=%2Fproblems", site.origin())).await;
        sign_in(&tab, ADA, "wrong").await;
        assert_eq!(tab.shown("form [role=alert]").await, "The email address or the password is wrong.");
        tab.fill("#password", PASSWORD).await;
        tab.press("Enter").await;
        tab.wait_until("location.pathname === '/problems'").await;
        assert_eq!(tab.complaints().await, [refused("401 (Unauthorized)")]);
    });
}

#[test]
fn signing_in_leads_to_no_other_origin() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        for next in ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "https://["] {
            let tab = site.open_apart(&format!("/account/sign-in?next={next}")).await;
            sign_in(&tab, ADA, PASSWORD).await;
            tab.wait_until("location.pathname === '/account/organizations'").await;
            let elsewhere: Vec<_> = tab.complaints().await;
            assert!(!elsewhere.iter().any(|it| it.starts_with("asked for")), "{next}: {elsewhere:?}");
        }
    });
}

#[test]
fn a_registered_address_is_confirmed_by_the_session_of_another_tab() {
    browse(async |site| {
        let tab = site.open("/account/sign-in#register").await;
        tab.fill("#new-name", "Ada").await;
        tab.fill("#new-email", ADA).await;
        tab.fill("#new-password", PASSWORD).await;
        tab.press("Enter").await;
        tab.wait_until("document.title === 'Check your mailbox – Agora'").await;
        assert_eq!(barriers(&tab).await, Vec::<String>::new());

        let mailed = site.open(&site.mailed_link().await).await;
        mailed.wait_until("!document.querySelector('form').hidden").await;
        assert!(!mailed.controls().await.iter().any(|(role, _)| role == "textbox"), "the session suffices");
        mailed.choose("Confirm the address").await;
        assert_eq!(mailed.shown("#outcome").await, "Your email address is confirmed.");
        assert!(may_log_in(site, PASSWORD).await, "the password stays");
        let user = "import('/components/session.js').then((it) => it.call('GET', '/auth/me'))";
        assert_eq!(tab.value(user).await["email_verified"], true, "the session stays");
        assert_eq!(mailed.complaints().await, Vec::<String>::new());
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn faults_of_a_registration_are_at_their_fields() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = site.open("/account/sign-in#register").await;
        tab.fill("#new-email", ADA).await;
        tab.fill("#new-password", "password1").await;
        tab.press("Enter").await;
        let weak = "This password is easy to guess. Please choose another one.";
        assert_eq!(tab.shown(".fault").await, weak);
        assert_eq!(tab.value("document.activeElement.id").await, "new-password");
        let described = "document.activeElement.getAttribute('aria-describedby')";
        assert_eq!(tab.value(described).await, "new-password-hint new-password-fault");

        tab.fill("#new-password", PASSWORD).await;
        tab.press("Enter").await;
        tab.wait_until("document.activeElement.id === 'new-email'").await;
        assert_eq!(tab.shown(".fault").await, "Another account already has this address.");
        let complaints = ["422 (Unprocessable Entity)", "409 (Conflict)"].map(refused);
        assert_eq!(tab.complaints().await, complaints);
    });
}

#[test]
fn a_forgotten_password_is_reset_by_mail() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let tab = site.open("/account/sign-in").await;
        tab.fill("#email", ADA).await;
        tab.choose("Forgot your password?").await;
        tab.wait_until("document.title === 'Reset your password – Agora'").await;
        tab.choose("Email me a link").await;
        let said = tab.shown("#mailed-text").await;
        assert!(said.starts_with(&format!("If {ADA} has an account")), "{said}");

        tab.go_to(&format!("{}{}", site.origin(), site.mailed_link().await)).await;
        tab.fill("#password", OTHER).await;
        tab.press("Enter").await;
        tab.shown("#outcome").await;
        tab.choose("Sign in").await;
        sign_in(&tab, ADA, OTHER).await;
        tab.wait_until("location.pathname === '/account/organizations'").await;
        assert!(!may_log_in(site, PASSWORD).await);
    });
}

#[test]
fn a_form_is_sent_once_and_waits_as_long_as_the_api_asks() {
    browse(async |site| {
        let tab = site.open("/account/sign-in").await;
        tab.fill("#email", ADA).await;
        tab.fill("#password", "wrong").await;
        tab.value("for (let i = 0; i < 3; i++) document.querySelector('form').requestSubmit()").await;
        tab.shown("form [role=alert]").await;
        let sent =
            "performance.getEntriesByType('resource').filter((it) => it.name.endsWith('/auth/login')).length";
        assert_eq!(tab.value(sent).await, 1);

        for _ in 0..10 {
            may_log_in(site, "wrong").await;
        }
        tab.press("Enter").await;
        tab.wait_until("document.querySelector('form [role=alert]').textContent.startsWith('Too many')")
            .await;
        let button = tab.text("form .primary").await;
        assert!(button.starts_with("Sign in (0:"), "{button}");
        tab.press("Enter").await;
        assert_eq!(tab.value(sent).await, 2, "the form waits");
        let complaints = ["401 (Unauthorized)", "429 (Too Many Requests)"].map(refused);
        assert_eq!(tab.complaints().await, complaints);
    });
}

#[test]
fn a_form_without_a_network_says_so_and_can_be_sent_later() {
    browse(async |site| {
        let tab = site.open("/account/sign-in").await;
        tab.fill("#email", ADA).await;
        tab.fill("#password", PASSWORD).await;
        tab.go_offline().await;
        tab.press("Enter").await;
        let said = tab.shown("form [role=alert]").await;
        assert_eq!(said, "You are offline. Please try again once you have a connection.");
        assert_eq!(tab.value("document.getElementById('password').value").await, PASSWORD);
        assert_eq!(tab.value("document.querySelector('form').ariaBusy").await, "false");
    });
}
