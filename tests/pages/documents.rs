//! `/docs` and `/redoc`

use serde_json::{Value, json};

use super::browser::browse;

/// Method, path, id and summary of each operation of the document.
fn operations() -> Vec<[String; 4]> {
    let document: Value = serde_json::from_str(web::OPENAPI).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            let text = |name: &str| operation[name].as_str().unwrap().to_owned();
            [method.to_uppercase(), path.clone(), text("operationId"), text("summary")]
        })
    });
    operations.collect()
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
