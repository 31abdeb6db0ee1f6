//! `/_local/mailbox`

use super::browser::browse;

#[test]
fn a_mail_shows_up_with_a_link_that_works() {
    browse(async |site| {
        let tab = site.open("/_local/mailbox").await;
        tab.wait_until("document.querySelector('#state').textContent === 'No mails yet.'").await;
        site.register("ada@example.com", "wandering albatross over cold water").await;
        tab.wait_until("document.querySelectorAll('article').length === 1").await;
        assert_eq!(tab.text("h2").await, "Confirm your email address");
        assert_eq!(tab.text("header span").await, "to ada@example.com");
        let link = tab.value("document.querySelector('pre a').href").await;
        assert_eq!(link, format!("{}{}", site.origin(), site.mailed_link().await));

        tab.click("summary").await;
        tab.wait_until("document.querySelector('details').open").await;
        let controls = tab.controls().await;
        assert!(controls.iter().all(|(_, name)| !name.is_empty()), "{controls:?}");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}
