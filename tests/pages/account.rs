//! `/account/confirm-email` and `/account/reset-password`, opened by the mails'
//! links.

use serde_json::json;

use super::{browser::browse, tab::Tab};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "wandering albatross over cold water";
const OTHER: &str = "wandering albatross over warm water";

/// Chromium's own message for an error response.
const REFUSED: &str =
    "error: Failed to load resource: the server responded with a status of 400 (Bad Request)";

/// Waits for the outcome that the page shows.
async fn outcome(tab: &Tab) -> String {
    tab.shown("#outcome").await
}

/// Waits for the fault that the form shows.
async fn fault(tab: &Tab) -> String {
    tab.shown(".fault, form [role=alert]").await
}

#[test]
fn the_mailed_link_confirms_the_address() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let link = site.mailed_link().await;
        let tab = site.open(&link).await;
        tab.wait_until("document.title === 'Confirm your email address – Agora'").await;
        assert_eq!(tab.value("location.search").await, "", "the token is out of the address bar");
        tab.wait_until("!document.getElementById('shown').hidden").await;
        let controls = [("button", "Confirm the address"), ("link", "Agora"), ("textbox", "Password")]
            .map(|(role, name)| (role.to_owned(), name.to_owned()));
        assert_eq!(tab.controls().await, controls);
        let login = json!({ "email": ADA, "password": PASSWORD });
        let verified = async || {
            let (_, tokens) = site.post("/api/v1/auth/login", &login).await;
            tokens["user"]["email_verified"].clone()
        };
        assert_eq!(verified().await, false, "opening the page is not enough: what scans mails does so");

        tab.click("#password").await;
        tab.type_text("wrong").await;
        tab.press("Enter").await;
        assert_eq!(fault(&tab).await, "The password is wrong.");
        tab.value("document.getElementById('password').select()").await;
        tab.type_text(PASSWORD).await;
        tab.press("Enter").await;
        let said = outcome(&tab).await;
        assert_eq!(said, "Your email address is confirmed.");
        assert_eq!(verified().await, true, "the password that was shown stays");
        assert_eq!(tab.complaints().await, [REFUSED.replace("400 (Bad Request)", "403 (Forbidden)")]);
    });
}

#[test]
fn a_wrong_confirmation_link_is_told_so() {
    browse(async |site| {
        for (path, said, complaint) in [
            (
                "/account/confirm-email?token=x",
                "This link is no longer valid. Please request a new one.",
                REFUSED.to_owned(),
            ),
            (
                "/account/confirm-email",
                "The link is incomplete. Please copy the whole link from the email.",
                REFUSED.replace("400 (Bad Request)", "422 (Unprocessable Entity)"),
            ),
        ] {
            let tab = site.open(path).await;
            tab.wait_until("!document.querySelector('form').hidden").await;
            tab.click("button").await;
            assert_eq!(fault(&tab).await, said);
            assert_eq!(tab.complaints().await, [complaint]);
        }
    });
}

#[test]
fn the_mailed_link_lets_a_password_be_chosen_once() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        site.post("/api/v1/auth/password-reset-request", &json!({ "email": ADA })).await;
        let link = site.mailed_link().await;
        let tab = site.open(&link).await;
        tab.wait_until("document.title === 'Choose a password – Agora'").await;
        assert_eq!(tab.value("location.search").await, "", "the token is out of the address bar");

        tab.click("#password").await;
        tab.type_text(OTHER).await;
        tab.press("Enter").await;
        assert!(outcome(&tab).await.starts_with("Your password is set."));
        let login = async |password: &str| {
            site.post("/api/v1/auth/login", &json!({ "email": ADA, "password": password })).await.0
        };
        assert_eq!((login(PASSWORD).await, login(OTHER).await), (401, 200));
        assert_eq!(tab.complaints().await, Vec::<String>::new());

        let tab = site.open(&link).await;
        tab.click("#password").await;
        tab.type_text(PASSWORD).await;
        tab.press("Enter").await;
        let said = fault(&tab).await;
        assert_eq!(said, "This link is no longer valid. Please request a new one.");
        assert_eq!(tab.complaints().await, [REFUSED]);
    });
}

#[test]
fn a_weak_password_is_told_so_and_does_not_use_the_link_up() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        site.post("/api/v1/auth/password-reset-request", &json!({ "email": ADA })).await;
        let tab = site.open(&site.mailed_link().await).await;
        tab.click("#password").await;
        tab.type_text("password1").await;
        tab.press("Enter").await;
        assert_eq!(fault(&tab).await, "This password is easy to guess. Please choose another one.");
        tab.value("document.getElementById('password').select()").await;
        tab.type_text(OTHER).await;
        tab.press("Enter").await;
        outcome(&tab).await;
        let complaint = REFUSED.replace("400 (Bad Request)", "422 (Unprocessable Entity)");
        assert_eq!(tab.complaints().await, [complaint]);
    });
}

#[test]
fn a_password_is_chosen_with_the_keyboard_alone() {
    browse(async |site| {
        let tab = site.open("/account/reset-password?token=x").await;
        let controls = [
            ("button", "Set password"),
            ("checkbox", "Show password"),
            ("link", "Agora"),
            ("textbox", "New password"),
        ];
        let controls = controls.map(|(role, name)| (role.to_owned(), name.to_owned()));
        assert_eq!(tab.controls().await, controls);
        tab.press("Tab").await;
        assert_eq!(tab.value("document.activeElement.className").await, "brand");
        for id in ["password", "show"] {
            tab.press("Tab").await;
            assert_eq!(tab.value("document.activeElement.id").await, id);
        }
        let kind = "document.getElementById('password').type";
        assert_eq!(tab.value(kind).await, "password");
        tab.press(" ").await;
        assert_eq!(tab.value(kind).await, "text", "shown");
        tab.press("Tab").await;
        assert_eq!(tab.value("document.activeElement.tagName").await, "BUTTON");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}
