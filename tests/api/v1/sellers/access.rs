//! Every operation of products, stock and orders by every role of the selling organisation,
//! by the owner of another organisation, by the customer, and by an administrator of the
//! platform.

use http::Method;

use super::*;

/// The callers, in this order: owner, admin, editor, staff, viewer, the owner of another
/// organisation, the customer of the orders, an administrator of the platform.
const CALLERS: usize = 8;

/// A request, and its status for each caller. Each row has a product and an order of its
/// own; `If-Match` keeps writes from changing them.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, [u16; CALLERS])] = &[
    //                                      owner admin editor staff viewer other customer platform
    ("POST", "products",                      [201, 201, 201, 403, 403, 403, 403, 201]),
    ("GET", "{product}",                      [200, 200, 200, 200, 200, 200, 200, 200]),
    ("PATCH", "{product}",                    [412, 412, 412, 403, 403, 403, 403, 412]),
    ("PUT", "{product}",                      [412, 412, 412, 403, 403, 403, 403, 412]),
    ("DELETE", "{product}",                   [412, 412, 412, 403, 403, 403, 403, 412]),
    ("GET", "{draft}",                        [200, 200, 200, 200, 200, 404, 404, 200]),
    ("PATCH", "{draft}",                      [412, 412, 412, 403, 403, 404, 404, 412]),
    ("GET", "products?seller={id}",           [200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "products?seller={id}&status=draft", [200, 200, 200, 200, 200, 403, 403, 200]),
    ("GET", "products/export",                [403, 403, 403, 403, 403, 403, 403, 200]),
    ("GET", "stock",                          [403, 403, 403, 403, 403, 403, 403, 200]),
    ("GET", "stock/{sku}",                    [200, 200, 200, 200, 200, 403, 403, 200]),
    ("GET", "stock/{sku}/adjustments",        [200, 200, 200, 200, 200, 403, 403, 200]),
    ("POST stock", "stock/{sku}",             [412, 412, 412, 403, 403, 403, 403, 412]),
    ("PUT stock", "stock/{sku}/buckets",      [412, 412, 412, 403, 403, 403, 403, 412]),
    ("GET", "orders?seller={id}",             [200, 200, 200, 200, 200, 403, 403, 200]),
    ("GET", "{order}",                        [200, 200, 200, 200, 200, 404, 200, 200]),
    ("GET", "{order}/history",                [200, 200, 200, 200, 200, 404, 200, 200]),
    ("PATCH", "{order}",                      [412, 412, 412, 403, 403, 404, 412, 412]),
    ("POST", "{order}/confirm",               [412, 412, 412, 403, 403, 403, 403, 412]),
    ("POST", "{order}/fulfil",                [412, 412, 412, 412, 403, 403, 403, 412]),
    ("POST", "{order}/complete",              [412, 412, 412, 412, 403, 403, 403, 412]),
    ("POST body", "{order}/cancel",           [412, 412, 412, 403, 403, 404, 412, 412]),
    ("POST body", "{order}/refund",           [412, 412, 412, 403, 403, 403, 403, 412]),
    ("DELETE", "{order}",                     [403, 403, 403, 403, 403, 204, 412, 412]),
];

#[test]
fn every_role_may_do_what_the_matrix_says() {
    test(async |app| {
        let society = Society::found(app).await;
        let Society { id, owner, editor, staff, viewer, other, customer, root, .. } = &society;
        let admin = &person(app, "admin").await;
        join(app, owner, id, admin, "admin").await;
        let callers = [owner, admin, editor, staff, viewer, other, customer, root];
        let sold = product(app, owner, id, "TEA").await;
        let draft = product(app, owner, id, "DRAFT").await;
        assert_eq!(patch(app, owner, &draft, json!({ "status": "draft" })).await.status, 200);
        let placed = ordered(app, customer, "k", "TEA").await;
        for (request, path, expected) in MATRIX {
            let names = [("{product}", sold.as_str()), ("{draft}", &draft), ("{order}", &placed)];
            let names = names.into_iter().chain([("{id}", id.as_str()), ("{sku}", "TEA")]);
            let target = names.fold((*path).to_owned(), |path, (name, value)| path.replace(name, value));
            let mut found = Vec::new();
            for (place, caller) in callers.iter().enumerate() {
                let method: Method = request.split(' ').next().unwrap().parse().unwrap();
                let mut call = app.request(method, &format!("/api/v1/{target}")).token(&caller.token);
                if !target.starts_with("products") || target.contains('/') {
                    call = call.header("if-match", "\"999\"");
                }
                if *request == "POST stock" {
                    call = call.header("idempotency-key", "k");
                }
                let body = match *request {
                    "POST" if *path == "products" => body(id, &format!("SKU-{place}")),
                    "PATCH" if *path != "{order}" => json!({ "title": "Mine" }),
                    "PATCH" => json!({ "note": "Ring twice, Marker." }),
                    "PUT" => json!({ "title": "Mine", "price": { "amount": 1, "currency": "EUR" } }),
                    "POST stock" => json!({ "change": 1, "reason": "Counted" }),
                    "PUT stock" => json!({ "count": 2 }),
                    "POST body" => json!({}),
                    _ => Value::Null,
                };
                let reply = if body.is_null() { call.send().await } else { call.json(&body).send().await };
                found.push(reply.status);
            }
            assert_eq!(found, expected, "{request} {path}");
        }
    });
}
