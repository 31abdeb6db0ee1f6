//! The operator's reconciliation of stock with orders.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use local::operator::{Command, OperatorError, Outcome};
use local::order_tools::Reconciliation;
use serde_json::json;
use shared::{id::VariantId, table::schema, text::Sku};

use super::{ADA, ROOT, adjust, call, command, offer, ordered};
use crate::harness::{App, client, test};

async fn reconcile(app: &App) -> Result<Reconciliation, Reconciliation> {
    match app.platform.operator().run(Command::ReconcileStock).await {
        Ok(Outcome::Reconciled(report)) => Ok(report),
        Err(OperatorError::Drift(report)) => Err(report),
        other => panic!("{other:?}"),
    }
}

/// Increments a number of an offer in the table, as no request would.
async fn tamper(app: &App, sku: &str, field: &str) {
    let key = schema::offer(&VariantId::of_sku(&Sku::parse(sku).unwrap()));
    aws_sdk_dynamodb::Client::new(&client::sdk_config(&app.platform))
        .update_item()
        .table_name(&app.platform.stack().table.name)
        .key("pk", AttributeValue::S(key.pk))
        .key("sk", AttributeValue::S(key.sk))
        .update_expression("ADD card.#field :one")
        .expression_attribute_names("#field", field)
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .send()
        .await
        .unwrap();
}

#[test]
fn a_stock_of_every_history_is_what_the_orders_say() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        for (number, sku) in (1..).zip(["HELD", "SOLD", "BACK", "SPREAD"]) {
            offer(app, number, sku, 10).await;
        }
        assert_eq!(adjust(app, &root, "HELD", "counted", -3).await.status, 200);
        ordered(app, &ada, "HELD", 2).await;
        let sold = ordered(app, &ada, "SOLD", 3).await;
        assert_eq!(command(app, &root, &sold, "confirm").await.status, 200);
        let back = ordered(app, &ada, "BACK", 1).await;
        assert_eq!(command(app, &ada, &back, "cancel").await.status, 200);
        let spread = call(app, &root, Method::PUT, "/api/v1/stock/SPREAD/buckets");
        assert_eq!(spread.json(&json!({ "count": 4 })).send().await.status, 200);
        ordered(app, &ada, "SPREAD", 5).await;

        let expected = Reconciliation { right: 4, ..Reconciliation::default() };
        assert_eq!(reconcile(app).await, Ok(expected));
    });
}

#[test]
fn a_number_that_no_order_explains_is_found_beside_orders() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "WRONG", 50).await;
        tamper(app, "WRONG", "available").await;
        let (report, ()) = futures::join!(reconcile(app), async {
            for quantity in 1..4 {
                ordered(app, &ada, "WRONG", quantity).await;
                tokio::time::sleep(Duration::from_millis(900)).await;
            }
        });
        let report = report.unwrap_err();
        assert!(report.drifts.iter().any(|drift| drift.field == "available"), "{report}");
        assert!(
            report.drifts.iter().all(|drift| drift.stored - drift.expected == 1 || drift.field == "on_hand")
        );
    });
}

#[test]
fn a_number_that_no_order_explains_is_found() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        for (number, sku) in (1..).zip(["RIGHT", "WRONG"]) {
            offer(app, number, sku, 10).await;
            ordered(app, &ada, sku, 2).await;
        }
        tamper(app, "WRONG", "reserved").await;

        let report = reconcile(app).await.unwrap_err();
        assert_eq!((report.right, report.busy.len()), (1, 0));
        assert_eq!(
            report.to_string(),
            "1 SKUs consistent, 2 discrepancies\n\
             WRONG: reserved is 3, expected 2\n\
             WRONG: on_hand is 10, expected 11"
        );
    });
}
