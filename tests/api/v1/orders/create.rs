//! `POST /api/v1/orders`

use serde_json::json;
use shared::id::NewVariantId;

use super::{ADA, ORDERS, ROOT, counts, created, euros, of, offer, order, path, product, token, updated};
use crate::harness::test;

#[test]
fn an_order_reserves_its_stock_at_once() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("TEA-1", 790, Some(10)), ("TEA-2", 1690, Some(3))])), 1).await;
        let body = json!({
            "lines": [
                { "sku": "TEA-2", "quantity": 1, "expected_unit_price": euros(1690) },
                { "sku": "TEA-1", "quantity": 2 },
                { "sku": "TEA-1", "quantity": 1 },
            ],
            "shipping_address": { "street": "1 Marker Street", "city": "London", "country": "GB" },
            "note": "Ring twice.",
        });
        let reply = order(app, &ada, "k", &body).await;
        assert_eq!((reply.status, reply.header("etag")), (201, "\"1\""), "{}", reply.json());
        let made = reply.json();
        assert_eq!(reply.header("location"), path(&made));
        assert_eq!((&made["status"], &made["payment_status"]), (&json!("reserved"), &json!("unpaid")));
        assert_eq!(made["total"], json!(euros(3 * 790 + 1690)));
        assert_eq!(made["reserved_until"], "2026-01-01T00:15:00.000Z");
        assert_eq!(made["lines"].as_array().unwrap().len(), 2, "a sku stands once");
        assert_eq!(made["lines"][0]["quantity"], 3);
        assert_eq!(made["lines"][0]["line_total"], json!(euros(3 * 790)));
        assert_eq!(made["shipping_address"]["country"], "GB");
        assert_eq!(app.get_as(token(&ada), &path(&made)).await.json(), made);
        assert_eq!(counts(app, &root, "TEA-1").await, (7, 3, 0));
        assert_eq!(counts(app, &root, "TEA-2").await, (2, 1, 0));

        let events = app.outbox(&format!("ORDER#{}", made["id"].as_str().unwrap()), "ORDER").await;
        assert_eq!(events[0]["type"], "order.created");
        assert_eq!(events[0]["data"]["lines"][0]["line_total"], 3 * 790);
        assert!(!events.to_string().contains("Marker Street"));
    });
}

#[test]
fn a_repeated_request_gives_the_order_as_it_is_now_for_ever() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 1).await;
        let first = order(app, &ada, "k", &of("TEA", 1)).await.json();
        // No stock is left and the price has changed: neither refuses a replay.
        app.publish(updated(product(1, &[("TEA", 1200, Some(1))])), 2).await;
        super::command(app, &root, &first, "confirm").await.granted();
        app.advance(std::time::Duration::from_hours(48));
        let (ada, root) = (app.log_in(ADA).await, app.log_in(ROOT).await);
        let again = order(app, &ada, "k", &of("TEA", 1)).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"));
        assert_eq!((&again.json()["id"], &again.json()["status"]), (&first["id"], &json!("confirmed")));
        let other = order(app, &ada, "k", &of("TEA", 2)).await;
        assert_eq!(other.problem(), (422, "idempotency_key_reused".to_owned()));
        // A key belongs to its caller: another caller's is another key.
        let other = order(app, &root, "k", &of("TEA", 1)).await;
        assert_eq!(other.problem(), (409, "insufficient_stock".to_owned()));
    });
}

#[test]
fn every_line_that_is_short_is_named_and_nothing_is_reserved() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("A", 1, Some(1)), ("B", 1, Some(9)), ("C", 1, None)])), 1).await;
        let lines = ["A", "B", "C"].map(|sku| json!({ "sku": sku, "quantity": 2 }));
        let reply = order(app, &ada, "k", &json!({ "lines": lines })).await;
        assert_eq!(reply.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(
            reply.json()["lines"],
            json!([
                { "sku": "A", "requested": 2, "available": 1 },
                { "sku": "C", "requested": 2, "available": 0 },
            ])
        );
        assert_eq!(counts(app, &root, "B").await, (9, 0, 0));
        assert_eq!(app.get_as(token(&ada), ORDERS).await.json()["data"], json!([]));
        // The key is still unused.
        assert_eq!(order(app, &ada, "k", &of("B", 2)).await.status, 201);
    });
}

#[test]
fn another_price_is_refused_with_both() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let body = json!({ "lines": [{ "sku": "TEA", "quantity": 1, "expected_unit_price": euros(900) }] });
        let reply = order(app, &ada, "k", &body).await;
        assert_eq!(reply.problem(), (409, "price_changed".to_owned()));
        assert_eq!(
            reply.json()["lines"],
            json!([{ "sku": "TEA", "expected_unit_price": euros(900), "unit_price": euros(1000) }])
        );
    });
}

#[test]
fn an_unavailable_sku_is_a_fault_of_its_line() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let mut archived = product(2, &[("OLD", 1, Some(9))]);
        archived.status = shared::vocabulary::ProductStatus::Archived.into();
        app.publish(created(archived), 1).await;
        let mut yen = product(3, &[("YEN", 1, Some(9))]);
        yen.variants[0].price.currency = "JPY".parse().unwrap();
        app.publish(created(yen), 1).await;
        let many: Vec<_> = (0..91).map(|at| json!({ "sku": format!("S{at}"), "quantity": 1 })).collect();
        for (lines, faults) in [
            (json!([{ "sku": "NONE", "quantity": 1 }]), vec![("/lines/0/sku", "not_for_sale")]),
            (
                json!([{ "sku": "TEA", "quantity": 1 }, { "sku": "OLD", "quantity": 1 }]),
                vec![("/lines/1/sku", "not_for_sale")],
            ),
            (
                json!([{ "sku": "TEA", "quantity": 1 }, { "sku": "YEN", "quantity": 1 }]),
                vec![("/lines/1/sku", "mixed_currencies")],
            ),
            (json!(many), vec![("/lines", "too_many_skus")]),
            (json!([]), vec![("/lines", "required")]),
            (
                json!([{ "sku": "a b", "quantity": 0 }, { "quantity": 1, "colour": "red" }]),
                vec![
                    ("/lines/0/sku", "invalid_sku"),
                    ("/lines/0/quantity", "invalid_quantity"),
                    ("/lines/1/colour", "unknown_field"),
                    ("/lines/1/sku", "required"),
                ],
            ),
        ] {
            let reply = order(app, &ada, "k", &json!({ "lines": lines })).await;
            let faults: Vec<_> =
                faults.into_iter().map(|(at, code)| (at.to_owned(), code.to_owned())).collect();
            assert_eq!(reply.faults(), faults, "{lines}");
        }
    });
}

#[test]
fn an_order_has_either_lines_or_the_fields_of_one() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let id = offer(app, 1, "TEA", 10).await;
        for (field, value) in [("sku", json!("TEA")), ("product_id", json!(id)), ("quantity", json!(2))] {
            let mut body = of("TEA", 1);
            body[field] = value;
            let faults = [(format!("/{field}"), "unexpected".to_owned())];
            assert_eq!(order(app, &ada, "k", &body).await.faults(), faults);
        }
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0));
    });
}

#[test]
fn a_key_is_required_and_so_is_a_token() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        let reply = app.post_as(token(&ada), ORDERS, of("TEA", 1)).await;
        assert_eq!(reply.problem(), (400, "idempotency_key_required".to_owned()));
        assert_eq!(app.post(ORDERS, of("TEA", 1)).await.problem().0, 401);
    });
}

#[test]
fn ninety_skus_are_one_order() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let skus: Vec<String> = (0..90).map(|at| format!("S{at:02}")).collect();
        for (number, skus) in skus.chunks(45).enumerate() {
            let variants: Vec<_> = skus.iter().map(|sku| (sku.as_str(), 100, Some(10))).collect();
            let mut product = product(u8::try_from(number).unwrap(), &variants);
            for (variant, id) in product.variants.iter_mut().zip(45 * number..) {
                let id = NewVariantId::from_bytes([u8::try_from(id).unwrap(); 16]);
                variant.variant_id = Some(id.into());
            }
            app.publish(created(product), 1).await;
        }
        let lines: Vec<_> = skus.iter().map(|sku| json!({ "sku": sku, "quantity": 1 })).collect();
        for key in ["cold", "warm"] {
            let reply = order(app, &ada, key, &json!({ "lines": lines })).await;
            assert_eq!((reply.status, &reply.json()["total"]), (201, &json!(euros(9000))));
        }
        assert_eq!(counts(app, &root, "S89").await, (8, 2, 0));
        let lines = app.lines.of("orders-api").into_iter().filter(|line| line.outcome == "201");
        let taken = lines.map(|line| {
            let ours = line.operations.iter().filter(|(name, _)| name.starts_with("orders."));
            let units = ours.map(|(_, used)| used.units);
            units.fold((0, 0.0, 0.0), |sum, units| {
                (sum.0 + units.round_trips, sum.1 + units.read, sum.2 + units.write)
            })
        });
        // The variants of SKUs that a function has not seen yet are read first. The buyer's
        // item grows with what each order holds.
        assert_eq!(taken.collect::<Vec<_>>(), [(3, 90.5, 243.0), (2, 45.5, 249.0)]);
    });
}

#[test]
fn a_product_without_variants_is_known_by_its_id() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        let id = offer(app, 1, "TEA", 10).await;
        let body = json!({ "lines": [{ "product_id": id, "quantity": 1 }, { "sku": "TEA", "quantity": 1 }] });
        let made = order(app, &ada, "k", &body).await.json();
        assert_eq!((&made["lines"][0]["sku"], &made["lines"][0]["quantity"]), (&json!("TEA"), &json!(2)));
        let two = product(2, &[("A", 1, Some(1)), ("B", 1, Some(1))]);
        let id = two.product_id;
        app.publish(created(two), 1).await;
        let body = json!({ "lines": [{ "product_id": id, "quantity": 1 }] });
        let faults = [("/lines/0/product_id".to_owned(), "several_variants".to_owned())];
        assert_eq!(order(app, &ada, "k2", &body).await.faults(), faults);
    });
}
