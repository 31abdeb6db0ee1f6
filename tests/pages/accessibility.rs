//! Accessibility of the pages: the rules of axe-core, and no horizontal scrolling, in each
//! presentation.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::{browser::browse, tab::Tab};

/// axe-core; see `axe/axe.md`.
const AXE: &[u8] = include_bytes!("axe/axe.min.js.gz");

/// Language, colour scheme, width in pixels.
pub const PRESENTATIONS: [(&str, &str, i64); 3] =
    [("en", "light", 1280), ("ru", "dark", 320), ("ru", "light", 768)];

/// Light on a phone and dark on a desktop, for pages with more than a form.
pub const FURTHER: [(&str, &str, i64); 2] = [("en", "light", 320), ("ru", "dark", 1280)];

/// Returns each violated rule with the elements that violate it, and the number of pixels
/// that the page is too wide. There should be none.
pub async fn barriers(tab: &Tab) -> Vec<String> {
    let mut axe = String::new();
    GzDecoder::new(AXE).read_to_string(&mut axe).unwrap();
    tab.value(&format!("{axe}; null")).await;
    let found = tab
        .value(
            "axe.run().then(({ violations }) => [
                ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
                ...[document.documentElement.scrollWidth - innerWidth].filter((it) => it > 0).map(String),
            ])",
        )
        .await;
    found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_account_pages_have_no_barriers() {
    browse(async |site| {
        for (language, scheme, width) in PRESENTATIONS {
            let tab = site.tab().await;
            tab.present(language, scheme, width).await;
            for path in [
                "/account/sign-in",
                "/account/sign-in#register",
                "/account/sign-in#forgotten",
                "/account/confirm-email?token=x",
                "/account/reset-password?token=x",
            ] {
                tab.go_to("about:blank").await;
                tab.go_to(&format!("{}{path}", site.origin())).await;
                let is_shown =
                    "[...document.querySelectorAll('form .primary')].some((it) => it.checkVisibility())";
                tab.wait_until(is_shown).await;
                tab.wait_until(&format!("document.documentElement.lang === {language:?}")).await;
                assert_eq!(
                    barriers(&tab).await,
                    Vec::<String>::new(),
                    "{path}: {language}, {scheme}, {width}"
                );
            }
            assert_eq!(tab.complaints().await, Vec::<String>::new());
        }
    });
}

#[test]
fn faults_of_fields_have_no_barriers() {
    browse(async |site| {
        let tab = site.tab().await;
        tab.present("ru", "dark", 320).await;
        tab.go_to(&format!("{}/account/sign-in", site.origin())).await;
        tab.choose("Войти").await;
        assert_eq!(tab.shown(".fault").await, "Заполните это поле.");
        assert_eq!(barriers(&tab).await, Vec::<String>::new());
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}
