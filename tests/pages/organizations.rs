//! `/account/organizations` and `/account/invitation`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    accessibility::barriers,
    browser::{Site, browse},
    sign_in::sign_in,
    tab::Tab,
};

const ADA: &str = "ada@example.com";
const BO: &str = "bo@example.com";
const PASSWORD: &str = "wandering albatross over cold water";

/// Opens the page of organisations in a browser of a person's own.
async fn organizations_of(site: &Site<'_>, email: &str) -> Tab {
    let tab = site.open_apart("/account/organizations").await;
    sign_in(&tab, email, PASSWORD).await;
    tab.wait_until("document.title === 'Organisations – Agora'").await;
    tab
}

/// Creates an organisation of Ada's.
async fn found(tab: &Tab) {
    tab.choose("New organisation").await;
    tab.fill("#field-name", "Analytical Society").await;
    tab.choose("Create").await;
    tab.wait_until("document.title === 'Analytical Society – Agora'").await;
}

/// Invites Bo as an editor.
async fn invite(tab: &Tab) {
    tab.choose("Invite a person").await;
    tab.fill("#field-email", BO).await;
    tab.value("document.getElementById('field-role').value = 'editor'").await;
    tab.choose("Send the invitation").await;
    assert_eq!(tab.shown("#status").await, "The invitation has been sent.");
}

/// Registers Bo by the link of an invitation, accepts it and opens the organisation.
async fn join(bo: &Tab) {
    bo.choose("Create an account").await;
    bo.fill("#new-name", "Bo").await;
    bo.fill("#new-email", BO).await;
    bo.fill("#new-password", PASSWORD).await;
    bo.press("Enter").await;
    bo.choose("Continue").await;
    bo.choose("Accept").await;
    bo.wait_until("document.getElementById('outcome').className === 'good'").await;
    bo.choose("Open the organisation").await;
}

/// Registers Bo with a verified address.
async fn register_verified(site: &Site<'_>) {
    // The mail of an earlier registration comes first.
    site.settle().await;
    site.register(BO, PASSWORD).await;
    let link = site.mailed_link().await;
    let (_, token) = link.split_once("token=").unwrap();
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(site.post("/api/v1/auth/email-verification-confirm", &body).await.0, 204);
}

/// True if a page offers a button or a link with a name.
async fn offers(tab: &Tab, name: &str) -> bool {
    tab.controls().await.iter().any(|(_, offered)| offered == name)
}

/// Waits until the rows of the tables are these, without their buttons.
async fn rows(tab: &Tab, expected: &[&str]) {
    let rows = "[...document.querySelectorAll('tbody tr')]
        .map((it) => [...it.cells].slice(0, 2).map((it) => it.textContent).join(', '))";
    tab.wait_until(&format!(
        "JSON.stringify({rows}) === {:?}",
        format!("{expected:?}").replace("\", \"", "\",\"")
    ))
    .await;
}

/// Sends a request by the session of a tab; returns the body of the reply, or the code of the
/// problem.
async fn call(tab: &Tab, method: &str, path: &str, body: &Value) -> Value {
    let headers = "{ 'idempotency-key': crypto.randomUUID() }";
    let body = if body.is_null() { "undefined".to_owned() } else { body.to_string() };
    let call = format!("it.call({method:?}, {path:?}, {{ body: {body}, headers: {headers} }})");
    let session = "import('/components/session.js')";
    tab.value(&format!("{session}.then((it) => {call}).catch((problem) => problem.code)")).await
}

/// Publishes a product of the organisation by Bo, who sells one to Ada; returns its path.
async fn sell(site: &Site<'_>, ada: &Tab, bo: &Tab) -> String {
    let mine = call(bo, "GET", "/organizations/mine", &Value::Null).await;
    let price = json!({ "amount": 1_000, "currency": "EUR" });
    let product = json!({
        "sku": "TEA", "title": "The tea", "price": price, "initial_stock": 9, "seller": mine["data"][0]["id"],
    });
    let product = call(bo, "POST", "/products", &product).await;
    site.settle().await;
    let order = json!({ "lines": [{ "sku": "TEA", "quantity": 1 }] });
    let order = call(ada, "POST", "/orders", &order).await;
    let confirm = format!("/orders/{}/confirm", order["id"].as_str().unwrap_or_else(|| panic!("{order}")));
    let sold = call(bo, "POST", &confirm, &Value::Null).await;
    assert_eq!(sold["status"], "confirmed", "{sold}");
    format!("/products/{}", product["id"].as_str().unwrap_or_else(|| panic!("{product}")))
}

/// Begins to change a thing again and again. `writes` has the time of each request, and the
/// code of the problem or `written`.
async fn write_on(tab: &Tab, path: &str) {
    tab.value(&format!(
        "import('/components/session.js').then(async (it) => {{
            globalThis.writes = [];
            globalThis.stopped = false;
            for (let number = 0; !stopped; number += 1) {{
                const sent = Date.now();
                const changed = it.call('PATCH', {path:?}, {{ body: {{ title: `The tea ${{number}}` }} }});
                writes.push([sent, await changed.then(() => 'written', (problem) => problem.code)]);
                await new Promise((resolve) => setTimeout(resolve, 10));
            }}
        }});
        null"
    ))
    .await;
    tab.wait_until("globalThis.writes?.length >= 3").await;
}

/// Of the writes that were sent from a time on, five at least: none was granted. Earlier ones
/// were.
async fn no_write_after(tab: &Tab, time: &Value) {
    tab.wait_until(&format!("writes.filter(([sent]) => sent > {time}).length >= 5")).await;
    tab.value("stopped = true").await;
    let codes = |when: &str| {
        format!("[...new Set(writes.filter(([sent]) => sent {when} {time}).map(([, code]) => code))]")
    };
    assert_eq!(tab.value(&codes(">")).await, json!(["not_permitted"]));
    assert_eq!(tab.value(&format!("{}.includes('written')", codes("<="))).await, true);
}

#[test]
fn an_invited_person_registers_joins_is_promoted_sells_and_is_removed() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        invite(&ada).await;
        rows(&ada, &["Without a name you, Owner", "bo@example.com, Editor"]).await;
        assert_eq!(barriers(&ada).await, Vec::<String>::new());

        let bo = site.open_apart(&site.mailed_link().await).await;
        bo.wait_until("document.title === 'Join Analytical Society – Agora'").await;
        assert_eq!(bo.value("location.search").await, "", "the token is out of the address bar");
        assert_eq!(barriers(&bo).await, Vec::<String>::new());
        join(&bo).await;
        rows(&bo, &["Without a name, Owner", "Bo you, Editor"]).await;
        assert!(!offers(&bo, "Invite a person").await);

        ada.value("location.reload()").await;
        rows(&ada, &["Without a name you, Owner", "Bo, Editor"]).await;
        ada.choose("Change Bo").await;
        ada.value("document.getElementById('field-role').value = 'admin'").await;
        ada.choose("Save").await;
        rows(&ada, &["Without a name you, Owner", "Bo, Admin"]).await;
        bo.value("location.reload()").await;
        bo.wait_until("document.body.innerText.includes('Invite a person')").await;

        let product = sell(site, &ada, &bo).await;
        ada.choose("Remove Bo").await;
        ada.shown("dialog h2").await;
        assert_eq!(ada.value("document.activeElement.textContent").await, "Cancel");
        write_on(&bo, &product).await;
        ada.choose("Remove").await;
        // In the middle of the writes: the row goes with the reply.
        rows(&ada, &["Without a name you, Owner"]).await;
        no_write_after(&bo, &ada.value("Date.now()").await).await;
        bo.value("location.reload()").await;
        bo.wait_until("!document.body.innerText.includes('Invite a person')").await;
    });
}

#[test]
fn the_last_owner_is_told_why_nothing_changes() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        ada.choose("Change Without a name").await;
        ada.value("document.getElementById('field-role').value = 'viewer'").await;
        ada.choose("Save").await;
        let told = ada.shown("dialog [role=alert]").await;
        assert_eq!(told, "The last owner must stay. Transfer the ownership first.");
    });
}

#[test]
fn the_ownership_is_transferred_after_the_password_was_confirmed() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        invite(&ada).await;
        let bo = site.open_apart(&site.mailed_link().await).await;
        join(&bo).await;
        rows(&bo, &["Without a name, Owner", "Bo you, Editor"]).await;
        assert!(!offers(&bo, "Transfer the ownership").await);

        ada.value("location.reload()").await;
        rows(&ada, &["Without a name you, Owner", "Bo, Editor"]).await;
        site.advance(Duration::from_mins(6));
        ada.choose("Transfer the ownership").await;
        // It opens once the members are read.
        assert_eq!(ada.shown("dialog h2").await, "Transfer the ownership");
        assert_eq!(ada.text("#field-user_id").await, "Bo – Editor");
        for (scheme, width) in [("light", 1280), ("dark", 320)] {
            ada.present("en", scheme, width).await;
            assert_eq!(barriers(&ada).await, Vec::<String>::new(), "{scheme}, {width}");
        }
        ada.choose("Transfer the ownership").await;
        assert_eq!(ada.shown("dialog + dialog h2").await, "Confirm that it is you");
        assert_eq!(barriers(&ada).await, Vec::<String>::new());
        ada.fill("#field-password", PASSWORD).await;
        ada.press("Enter").await;
        let transferred = "The ownership has been transferred.";
        ada.wait_until(&format!("document.getElementById('status').textContent === {transferred:?}")).await;
        rows(&ada, &["Bo, Owner", "Without a name you, Admin"]).await;
        assert!(!offers(&ada, "Transfer the ownership").await);

        bo.value("location.reload()").await;
        rows(&bo, &["Bo you, Owner", "Without a name, Admin"]).await;
        assert!(offers(&bo, "Transfer the ownership").await);
    });
}

#[test]
fn an_organisation_is_deleted_after_the_password_was_confirmed() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        site.advance(Duration::from_mins(6));
        for _ in 0..2 {
            ada.choose("Delete the organisation").await;
        }
        ada.fill("#field-password", PASSWORD).await;
        ada.press("Enter").await;
        ada.wait_until("document.title === 'Organisations – Agora'").await;
        ada.wait_until("document.body.innerText.includes('You are not a member of an organisation.')").await;
    });
}

#[test]
fn a_link_that_is_not_valid_is_told_so() {
    browse(async |site| {
        let tab = site.open("/account/invitation?token=x").await;
        let told = tab.shown("#outcome.bad").await;
        assert!(told.starts_with("This invitation is not valid any more"), "{told}");
        assert_eq!(barriers(&tab).await, Vec::<String>::new());
    });
}

#[test]
fn a_declined_invitation_has_ended() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        invite(&ada).await;
        let link = site.mailed_link().await;
        site.register(BO, PASSWORD).await;
        let bo = site.open_apart(&link).await;
        bo.choose("Sign in to answer").await;
        sign_in(&bo, BO, PASSWORD).await;
        bo.choose("Decline").await;
        bo.shown("dialog h2").await;
        bo.choose("Decline").await;
        bo.wait_until("document.body.innerText.includes('You have declined the invitation.')").await;
        bo.go_to(&format!("{}{link}", site.origin())).await;
        bo.shown("#outcome.bad").await;
    });
}

#[test]
fn an_invitation_that_is_declined_leaves_the_lists_of_both() {
    browse(async |site| {
        site.register(ADA, PASSWORD).await;
        let ada = organizations_of(site, ADA).await;
        found(&ada).await;
        register_verified(site).await;
        invite(&ada).await;
        rows(&ada, &["Without a name you, Owner", "bo@example.com, Editor"]).await;

        let bo = organizations_of(site, BO).await;
        rows(&bo, &["Analytical Society, Editor"]).await;
        assert_eq!(barriers(&bo).await, Vec::<String>::new());
        bo.choose("Decline").await;
        let asked = bo.shown("dialog h2").await;
        assert_eq!(asked, "Decline the invitation to Analytical Society?");
        assert_eq!(bo.value("document.activeElement.textContent").await, "Cancel");
        assert_eq!(barriers(&bo).await, Vec::<String>::new());
        bo.choose("Decline").await;
        bo.wait_until("document.body.innerText.includes('You have no invitations.')").await;
        assert_eq!(bo.shown("#status").await, "You have declined the invitation.");
        rows(&bo, &[]).await;

        ada.value("location.reload()").await;
        ada.wait_until("document.body.innerText.includes('No invitation is pending.')").await;
        rows(&ada, &["Without a name you, Owner"]).await;
    });
}
