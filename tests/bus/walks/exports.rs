//! Exports.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    LISTS, ORDERS,
    helpers::{cut, export, parts, user_id},
    lists::{categories, copies, fulfilled, memberships, sessions},
};
use crate::{
    api::v1::orders::{ADA, ROOT, offer, token},
    harness::{test_of, walks::in_a_hurry},
};

#[test]
fn an_export_cut_after_each_page_has_each_order_once() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, ORDERS).await;
        let path = export(app, &ada).await;
        let mut names = parts(app, &ada, &path).await;
        names.retain(|name| name.starts_with("orders."));
        let wanted: Vec<String> = ids.iter().map(|id| format!("orders.order.{id}")).collect();
        assert_eq!(names, wanted);
        assert_eq!(app.uses("orders.export.put_part"), ORDERS + 1);
        assert_eq!(app.outcomes("orders-consumer", "user.export_requested"), cut(ids.len()));
        assert_eq!(app.uses("orders.export.finish"), 1, "after the last page");
    });
}

#[test]
fn sessions_and_created_items_are_exported_and_erased_page_by_page() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, _) = (app.administrator(ADA).await, app.administrator(ROOT).await);
        let ids = categories(app, &ada, 90).await;
        sessions(app, user_id(&ada), 85).await;
        app.platform.settle().await;
        let path = export(app, &ada).await;
        let names = parts(app, &ada, &path).await;
        let of = |group: &str| names.iter().filter(|name| name.starts_with(group)).count();
        assert_eq!((of("users.account"), of("users.session."), of("catalog.made.")), (1, 87, 3));
        assert_eq!(app.uses("users.export.put_part"), 88);
        assert_eq!(app.outcomes("users-consumer", "user.export_requested"), cut(87));
        assert_eq!(app.outcomes("catalog-consumer", "user.export_requested"), cut(ids.len()));
        let part = app.query(&format!("EXPORT#{}", user_id(&ada))).await;
        let made: String = part.iter().filter_map(|part| part.get("data")?.as_s().ok()).cloned().collect();
        assert!(ids.iter().all(|id| made.matches(id.as_str()).count() == 1));

        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.settle_walks().await;
        for id in &ids {
            let category = app.item(&format!("CATEGORY#{id}"), "CATEGORY").await.unwrap();
            assert!(!matches!(category.get("created_by"), Some(AttributeValue::S(_))), "{category:?}");
        }
        // The list loses handled items: none is repeated, and none skipped.
        assert_eq!(app.uses("catalog.forget_category_maker"), 91);
        assert_eq!(app.outcomes("catalog-consumer", "user.deleted"), cut(ids.len()));
    });
}

#[test]
fn memberships_are_exported_page_by_page() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let ada = app.register_as(ADA).await;
        memberships(app, &ada, 85).await;
        app.platform.settle().await;
        let path = export(app, &ada).await;
        let names = parts(app, &ada, &path).await;
        assert_eq!(names.iter().filter(|name| name.starts_with("organizations.memberships.")).count(), 3);
        assert_eq!(app.outcomes("organizations-consumer", "user.export_requested"), cut(86));
    });
}
