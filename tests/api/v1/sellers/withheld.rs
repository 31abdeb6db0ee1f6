//! Products of organisations that are blocked, closed or deleted: withheld from the public.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use shared::{
    bus::{DomainEvent, events::OrganizationStatusChanged},
    walk::PAGE,
};

use super::{
    super::organizations::overtaken::{Change, overtaken},
    *,
};
use crate::harness::{answering, test_of, walks::in_a_hurry, with_cheap_passwords};

/// Longer than copies for anonymous readers and counts of categories are kept.
const OLD: Duration = Duration::from_secs(61);

/// A product in a category, with a brand; gives its path.
async fn leaf(app: &App, person: &Person, seller: &str, sku: &str, category: &str) -> String {
    let mut body = body(seller, sku);
    body["category_ids"] = json!([category]);
    body["attributes"] = json!({ "brand": "Leaf" });
    body["slug"] = json!(format!("leaf-{}", sku.to_lowercase()));
    let made = post(app, person, "products", body).await;
    assert_eq!(made.status, 201, "{}", made.json());
    app.platform.settle().await;
    made.header("location").trim_start_matches("/api/v1/").to_owned()
}

/// The lists that have a product, other than that of its seller.
fn lists(category: &str) -> Vec<String> {
    let mut lists = vec![
        "products?status=active".to_owned(),
        "products?sort=price".to_owned(),
        "products?sort=price&currency=EUR&price_gte=1000&price_lte=1000".to_owned(),
        "products?sort=title".to_owned(),
        "products?q=tea".to_owned(),
        "products?brand=leaf".to_owned(),
        "products?sku=tea".to_owned(),
    ];
    for sort in ["-created_at", "price", "-price", "title"] {
        lists.push(format!("categories/{category}/products?sort={sort}"));
        lists.push(format!("categories/{category}/products?descendants=true&sort={sort}"));
    }
    lists
}

/// The mark on a product in a list; `None` if the list does not have the product.
async fn marked(app: &App, person: Option<&Person>, list: &str, sku: &str) -> Option<Value> {
    let reply = match person {
        Some(person) => get(app, person, list).await,
        None => app.get(&format!("/api/v1/{list}")).await,
    };
    assert_eq!(reply.status, 200, "{list}: {}", reply.json());
    let page = reply.json();
    let entry = page["data"].as_array().unwrap().iter().find(|entry| entry["sku"] == sku)?.clone();
    Some(entry["withheld"].clone())
}

async fn moderate(app: &App, root: &Person, id: &str, verb: &str) {
    assert_eq!(command(app, root, &format!("organizations/{id}/{verb}")).await.status, 200);
    app.platform.settle().await;
    app.advance(OLD);
}

/// Number of published events of a type.
fn published(app: &App, kind: &str) -> usize {
    app.platform.cloud().travelled().iter().filter(|event| event.r#type == kind).count()
}

#[test]
fn the_products_of_a_blocked_organisation_are_in_no_public_list() {
    test(async |app| {
        let Society { id, owner, viewer, customer, root, .. } = &Society::found(app).await;
        let made = post(app, root, "categories", json!({ "name": "Leaves" })).await.json();
        let category = made["id"].as_str().unwrap();
        leaf(app, owner, id, "TEA", category).await;
        leaf(app, root, "platform", "CUP", category).await;
        let of_seller = format!("products?seller={id}");
        let counted =
            async || app.get(&format!("/api/v1/categories/{category}")).await.json()["product_count"].clone();
        for (verb, shown, mark, count) in
            [("block", None, Some(json!(true)), 1), ("unblock", Some(Value::Null), Some(Value::Null), 2)]
        {
            moderate(app, root, id, verb).await;
            for list in lists(category) {
                for person in [None, Some(customer), Some(owner)] {
                    assert_eq!(marked(app, person, &list, "TEA").await, shown, "{list}");
                }
                assert_eq!(marked(app, Some(root), &list, "TEA").await, mark, "{list}");
            }
            for person in [None, Some(customer)] {
                assert_eq!(marked(app, person, &of_seller, "TEA").await, shown);
            }
            for person in [owner, viewer, root] {
                assert_eq!(marked(app, Some(person), &of_seller, "TEA").await, mark);
            }
            assert_eq!(marked(app, Some(root), "products/export", "TEA").await, mark);
            assert_eq!(counted().await, json!(count));
            assert_eq!(marked(app, None, "products?brand=leaf", "CUP").await, Some(Value::Null));
        }
    });
}

#[test]
fn a_withheld_product_exists_for_its_members_and_administrators_only() {
    test(async |app| {
        let Society { id, owner, viewer, other, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        let slug = get(app, root, &path).await.json()["slug"].as_str().unwrap().to_owned();
        let paths = [path.clone(), format!("products/by-slug/{slug}")];
        let before = get(app, root, &path).await;
        let shown = get(app, viewer, &path).await;
        let updates = published(app, "product.updated");
        moderate(app, root, id, "block").await;
        for path in &paths {
            assert_eq!(refused(&app.get(&format!("/api/v1/{path}")).await), (404, "not_found"));
            assert_eq!(refused(&get(app, other, path).await), (404, "not_found"));
            for person in [owner, viewer, root] {
                let reply = get(app, person, path).await;
                assert_eq!((reply.status, &reply.json()["withheld"]), (200, &json!(true)));
            }
        }
        assert_eq!(refused(&patch(app, other, &path, json!({ "title": "Mine" })).await), (404, "not_found"));
        assert_eq!(delete(app, other, &path).await.status, 204);
        let after = get(app, root, &path).await;
        assert_eq!(after.json()["version"], before.json()["version"]);
        assert_eq!(after.json()["updated_at"], before.json()["updated_at"]);
        assert_ne!(after.header("etag"), before.header("etag"));
        assert_ne!(get(app, viewer, &path).await.header("etag"), shown.header("etag"));
        assert_eq!(published(app, "product.updated"), updates);
        let archived = patch(app, root, &path, json!({ "status": "archived" })).await;
        assert_eq!((archived.status, &archived.json()["withheld"]), (200, &json!(true)));
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 404);
        moderate(app, root, id, "unblock").await;
        for path in &paths {
            let reply = app.get(&format!("/api/v1/{path}")).await;
            assert_eq!((reply.status, reply.json().get("withheld")), (200, None));
        }
    });
}

#[test]
fn an_administrators_change_keeps_a_product_withheld() {
    test(async |app| {
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        moderate(app, root, id, "block").await;
        let title = json!({ "title": "Earl Grey" });
        assert_eq!(patch(app, root, &path, title).await.json()["withheld"], json!(true));
        let body = json!({ "title": "Lady Grey", "price": { "amount": 900, "currency": "EUR" } });
        let replaced = ask(app, root, http::Method::PUT, &path, body).await;
        assert_eq!((replaced.status, &replaced.json()["withheld"]), (200, &json!(true)));
        app.platform.settle().await;
        assert_eq!(marked(app, None, "products?q=lady", "TEA").await, None);
        assert_eq!(marked(app, Some(root), "products?q=lady", "TEA").await, Some(json!(true)));
        assert_eq!(
            refused(&patch(app, owner, &path, json!({ "title": "Mine" })).await),
            (409, "organization_blocked")
        );
        let made = post(app, root, "products", super::body(id, "CUP")).await;
        assert_eq!(refused(&made), (409, "organization_blocked"));
        assert_eq!(delete(app, root, &path).await.status, 204);
        moderate(app, root, id, "unblock").await;
    });
}

#[test]
fn public_pages_stay_full_without_withheld_products() {
    test(async |app| {
        let Society { id, owner, customer, root, .. } = &Society::found(app).await;
        for number in 0..4 {
            app.advance(Duration::from_secs(1));
            product(app, owner, id, &format!("TEA-{number}")).await;
            app.advance(Duration::from_secs(1));
            product(app, root, "platform", &format!("CUP-{number}")).await;
        }
        moderate(app, root, id, "block").await;
        let page = get(app, customer, "products?limit=2").await.json();
        let skus: Vec<&Value> = page["data"].as_array().unwrap().iter().map(|entry| &entry["sku"]).collect();
        assert_eq!((skus, &page["has_more"]), (vec![&json!("CUP-3"), &json!("CUP-2")], &json!(true)));
        let cups = ["CUP-3", "CUP-2", "CUP-1", "CUP-0"];
        assert_eq!(all(app, customer, "products?status=active", "sku").await, cups);
        let merged = ["CUP-3", "TEA-3", "CUP-2", "TEA-2", "CUP-1", "TEA-1", "CUP-0", "TEA-0"];
        assert_eq!(all(app, root, "products?status=active", "sku").await, merged);
        assert_eq!(all(app, root, "products?sort=title", "sku").await, {
            let mut sorted = merged;
            sorted.sort_unstable();
            sorted
        });
    });
}

#[test]
fn the_products_of_a_closed_organisation_are_withheld() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let id = organization(app, &ada, "Teas").await;
        let path = product(app, &ada, &id, "TEA").await;
        assert_eq!(delete(app, &ada, "users/me").await.status, 204);
        app.platform.settle().await;
        app.advance(OLD);
        assert_eq!(get(app, &root, &format!("organizations/{id}")).await.json()["status"], "closed");
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 404);
        assert_eq!(get(app, &root, &path).await.json()["withheld"], json!(true));
        assert_eq!(marked(app, None, "products?q=tea", "TEA").await, None);
    });
}

#[test]
fn the_products_of_a_deleted_organisation_are_withheld() {
    test(async |app| {
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        assert_eq!(delete(app, owner, &format!("organizations/{id}")).await.status, 204);
        app.platform.settle().await;
        app.advance(OLD);
        for person in [None, Some(owner)] {
            assert_eq!(marked(app, person, &format!("products?seller={id}"), "TEA").await, None);
        }
        assert_eq!(get(app, owner, &path).await.status, 404);
        assert_eq!(get(app, root, &path).await.json()["withheld"], json!(true));
        assert_eq!(delete(app, root, &path).await.status, 204);
    });
}

/// The event of an organisation's last change, as it was published.
async fn last_change(app: &App, id: &str) -> (OrganizationStatusChanged, u64) {
    let event = app.outbox(&format!("ORG#{id}"), "ORG").await[0].clone();
    let version = event["aggregate_version"].as_u64().unwrap();
    (serde_json::from_value(event["data"].clone()).unwrap(), version)
}

#[test]
fn events_of_an_organisation_that_come_late_change_nothing() {
    test(async |app| {
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        moderate(app, root, id, "block").await;
        let (blocked, at) = last_change(app, id).await;
        moderate(app, root, id, "unblock").await;
        let (unblocked, later) = last_change(app, id).await;
        app.publish(DomainEvent::OrganizationBlocked(blocked), at).await;
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 200);
        moderate(app, root, id, "block").await;
        app.publish(DomainEvent::OrganizationUnblocked(unblocked), later).await;
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 404);
    });
}

fn in_a_hurry_with_cheap_passwords(template: &mut Value) {
    with_cheap_passwords(template);
    in_a_hurry(template);
}

#[test]
fn more_products_than_a_page_are_withheld_by_a_continuation() {
    test_of(in_a_hurry_with_cheap_passwords, async |app| {
        app.has_long_lists(&["catalog.list_seller"]);
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let mut paths = Vec::new();
        for number in 0..PAGE + 3 {
            let made = post(app, owner, "products", body(id, &format!("TEA-{number}"))).await;
            paths.push(made.header("location").trim_start_matches("/api/v1/").to_owned());
        }
        command(app, root, &format!("organizations/{id}/block")).await.granted();
        app.settle_walks().await;
        for path in paths {
            assert!(is_withheld(app, root, &path).await, "{path}");
        }
        assert_eq!(app.outcomes("catalog-consumer", "organization.blocked"), ["continued", "done"]);
    });
}

/// A stack whose catalogue gets no event of an organisation from the bus: the test delivers
/// them.
fn deaf(template: &mut Value) {
    with_cheap_passwords(template);
    let pattern = &mut template["Resources"]["CatalogConsumerRule"]["Properties"]["EventPattern"];
    pattern["detail-type"] = json!(["user.deleted"]);
}

/// True if a product is withheld.
async fn is_withheld(app: &App, root: &Person, path: &str) -> bool {
    get(app, root, path).await.json()["withheld"] == true
}

#[test]
fn a_product_that_a_lagging_list_does_not_have_is_withheld() {
    test_of(deaf, async |app| {
        app.expects_errors(&["failed: unavailable: some products of an organisation are not listed yet"]);
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        moderate(app, root, id, "block").await;
        let (blocked, version) = last_change(app, id).await;
        // The list lags once: the end of the walk finds the product. It lags in both: the
        // event is delivered again.
        for (lags, verdict) in [(1, true), (2, false)] {
            let mut environment = app.environment("CatalogConsumer");
            let (table, left) = (environment.aws.http_client().unwrap(), AtomicUsize::new(lags));
            let behind = move |call: &str| {
                let is_list = call.contains("SELLER_PRODUCTS#") && call.contains("#active\"");
                let is_behind = is_list
                    && left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                        .is_ok();
                is_behind.then(|| (200, json!({ "Items": [], "Count": 0 }).to_string()))
            };
            let aws = environment.aws.into_builder().http_client(answering(table, behind));
            environment.aws = aws.build();
            let consumer = ::catalog::consumer(environment).await.unwrap();
            let deliver = async || {
                let event = DomainEvent::OrganizationBlocked(blocked.clone());
                app.hand_over(&consumer, event, version).await
            };
            assert_eq!(deliver().await, verdict, "{lags}");
            assert_eq!(is_withheld(app, root, &path).await, verdict);
            assert!(deliver().await);
            assert!(is_withheld(app, root, &path).await);
            // Shown again for the next round.
            command(app, root, &format!("organizations/{id}/unblock")).await.granted();
            let (unblocked, later) = last_change(app, id).await;
            let event = DomainEvent::OrganizationUnblocked(unblocked);
            assert!(app.hand_over(&consumer, event, later).await);
            assert!(!is_withheld(app, root, &path).await);
            command(app, root, &format!("organizations/{id}/block")).await.granted();
        }
    });
}

#[test]
fn an_organisation_that_is_unblocked_during_the_walk_keeps_its_products() {
    test_of(deaf, async |app| {
        let Society { id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        moderate(app, root, id, "block").await;
        let (blocked, version) = last_change(app, id).await;
        // Between the read of the status and the write of the product.
        let unblock = Change { sk: "COUNTERS", attribute: "status", value: "active" };
        let consumer = ::catalog::consumer(overtaken(app, "CatalogConsumer", id, &unblock)).await.unwrap();
        assert!(app.hand_over(&consumer, DomainEvent::OrganizationBlocked(blocked), version).await);
        assert!(!is_withheld(app, root, &path).await);
    });
}
