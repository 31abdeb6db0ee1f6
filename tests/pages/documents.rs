//! `/docs` and `/redoc`

use serde_json::json;

use super::browser::browse;
use crate::harness::operation::Operation;

/// Method, path, id and summary of each operation of the document.
fn operations() -> Vec<[String; 4]> {
    let operations = Operation::all().map(|operation| {
        let text = |name: &str| operation.value[name].as_str().unwrap().to_owned();
        [operation.method.to_string(), operation.path.clone(), text("operationId"), text("summary")]
    });
    operations.collect()
}

/// Number of operations of a section.
fn count(section: &str) -> usize {
    Operation::all().filter(|operation| operation.value["tags"][0] == section).count()
}

#[test]
fn swagger_ui_lists_every_operation() {
    browse(async |site| {
        let tab = site.open("/docs").await;
        let operations = operations();
        tab.wait_until(&format!("document.querySelectorAll('.opblock').length >= {}", operations.len()))
            .await;
        let listed = tab
            .value(
                "[...document.querySelectorAll('.opblock-summary')].map((it) => [
                    it.querySelector('.opblock-summary-method').innerText,
                    it.querySelector('.opblock-summary-path, .opblock-summary-path__deprecated').dataset.path,
                    it.querySelector('.opblock-summary-description').innerText,
                ])",
            )
            .await;
        let listed = listed.as_array().unwrap();
        for [method, path, _, summary] in &operations {
            assert!(listed.contains(&json!([method, path, summary])), "{method} {path} is not listed");
        }
        assert_eq!(listed.len(), operations.len());
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn redoc_lists_every_operation() {
    browse(async |site| {
        let tab = site.open("/redoc").await;
        let operations = operations();
        tab.wait_until(&format!(
            "document.querySelectorAll('[data-section-id*=\"/operation/\"]').length >= {}",
            operations.len()
        ))
        .await;
        let listed = tab
            .value(
                "[...document.querySelectorAll('[data-section-id*=\"/operation/\"]')].map((it) => [
                    it.dataset.sectionId.split('/operation/')[1],
                    it.querySelector('h2').innerText.replace(/Deprecated$/, '').trim(),
                ])",
            )
            .await;
        let listed = listed.as_array().unwrap();
        for [method, path, id, summary] in &operations {
            assert!(listed.contains(&json!([id, summary])), "{method} {path} is not listed");
        }
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn a_groups_pages_list_its_operations_and_their_samples() {
    browse(async |site| {
        let tab = site.open("/docs/stock").await;
        tab.wait_until(&format!("document.querySelectorAll('.opblock').length == {}", count("stock"))).await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
        let tab = site.open("/redoc/stock").await;
        let listed = "document.querySelectorAll('[data-section-id*=\"/operation/\"]').length";
        tab.wait_until(&format!("{listed} == {}", count("stock"))).await;
        tab.wait_until("document.body.innerText.includes('TypeScript')").await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    });
}

#[test]
fn the_pages_of_problems_and_events_are_readable() {
    browse(async |site| {
        for (path, text) in [
            ("/problems", "stale_version"),
            ("/problems/stale_version", "Remedy"),
            ("/domain-events", "order.created"),
        ] {
            let tab = site.open(path).await;
            tab.wait_until(&format!("document.querySelector('main').innerText.includes('{text}')")).await;
            assert_eq!(tab.complaints().await, Vec::<String>::new(), "{path}");
        }
    });
}
