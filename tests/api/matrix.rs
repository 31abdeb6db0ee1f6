//! Every route by every kind of caller. A row is a route of the documents; it
//! gets its document's example as its body. Whose things the parameters of its
//! path name, `Cast` says: the owner's.
//!
//! To add an endpoint is to add its row; how what its path names is made stands in
//! `harness::parameters`.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};

use crate::harness::{
    App,
    document::{Operation, example_of, sell_what_examples_order},
    parameters::{Parameters, People},
    test_of, with_cheap_passwords,
};

/// Who calls: nobody; an account that is blocked; one that has nothing to do with
/// what the path names; that whose it is, and of which the examples speak; an
/// administrator.
#[derive(Debug, Clone, Copy)]
enum Role {
    Anonymous,
    Blocked,
    Stranger,
    Owner,
    Admin,
}

use Role::{Admin, Anonymous, Blocked, Owner, Stranger};

/// The columns. They call in this order, each after what those before have done.
const ROLES: [Role; 5] = [Anonymous, Blocked, Stranger, Owner, Admin];

/// A route and the status that it answers each role.
#[rustfmt::skip]
const MATRIX: &[(&str, [u16; 5])] = &[
    //                                                    anonymous  stranger  admin
    //                                                         blocked    owner
    ("GET /.well-known/jwks.json",                            [200, 200, 200, 200, 200]),
    ("GET /health",                                           [200, 200, 200, 200, 200]),
    ("GET /openapi.json",                                     [200, 200, 200, 200, 200]),

    ("GET /api/v1/auth/health",                               [200, 200, 200, 200, 200]),
    // The address is taken, by the owner.
    ("POST /api/v1/auth/register",                            [409, 409, 409, 409, 409]),
    ("POST /api/v1/auth/login",                               [200, 200, 200, 200, 200]),
    ("POST /api/v1/auth/verify",                              [200, 200, 200, 200, 200]),
    ("POST /api/v1/auth/password-reset-request",              [202, 202, 202, 202, 202]),
    ("POST /api/v1/auth/email-verification-request",          [202, 202, 202, 202, 202]),
    // An example of a token is nobody's.
    ("POST /api/v1/auth/refresh",                             [401, 401, 401, 401, 401]),
    ("POST /api/v1/auth/password-reset-confirm",              [400, 400, 400, 400, 400]),
    ("POST /api/v1/auth/email-verification-confirm",          [400, 401, 400, 400, 400]),
    // The password is the owner's.
    ("POST /api/v1/auth/reauthenticate",                      [401, 401, 403, 200, 403]),
    ("POST /api/v1/auth/password-change",                     [401, 401, 403, 204, 403]),
    ("POST /api/v1/auth/logout",                              [401, 401, 204, 204, 204]),
    ("GET /api/v1/auth/me",                                   [401, 401, 200, 200, 200]),
    ("GET /api/v1/auth/sessions",                             [401, 401, 200, 200, 200]),
    // Whether a session is another's nobody learns.
    ("DELETE /api/v1/auth/sessions/{session_id}",             [401, 401, 204, 204, 204]),

    ("GET /api/v1/users/health",                              [200, 200, 200, 200, 200]),
    ("GET /api/v1/users",                                     [401, 401, 403, 403, 200]),
    ("POST /api/v1/users",                                    [401, 401, 403, 403, 201]),
    ("GET /api/v1/users/me",                                  [401, 401, 200, 200, 200]),
    ("PUT /api/v1/users/me",                                  [401, 401, 200, 200, 200]),
    ("PATCH /api/v1/users/me",                                [401, 401, 200, 200, 200]),
    // There is one administrator, who stays.
    ("DELETE /api/v1/users/me",                               [401, 401, 204, 204, 409]),
    ("GET /api/v1/users/{user_id}",                           [401, 401, 404, 200, 200]),
    ("PUT /api/v1/users/{user_id}",                           [401, 401, 404, 200, 200]),
    ("PATCH /api/v1/users/{user_id}",                         [401, 401, 404, 200, 200]),
    ("DELETE /api/v1/users/{user_id}",                        [401, 401, 404, 204, 204]),
    ("POST /api/v1/users/me/export",                          [401, 401, 202, 202, 202]),
    // One's own, also to an administrator.
    ("GET /api/v1/users/me/export/{export_id}",               [401, 401, 404, 200, 404]),

    ("GET /api/v1/orders/health",                             [200, 200, 200, 200, 200]),
    ("GET /api/v1/orders",                                    [401, 401, 200, 200, 200]),
    // An example has no key.
    ("POST /api/v1/orders",                                   [401, 401, 400, 400, 400]),
    ("GET /api/v1/orders/{order_id}",                         [401, 401, 404, 200, 200]),
    ("PUT /api/v1/orders/{order_id}",                         [401, 401, 404, 200, 200]),
    ("PATCH /api/v1/orders/{order_id}",                       [401, 401, 404, 200, 200]),
    // Whether an order is another's nobody learns.
    ("DELETE /api/v1/orders/{order_id}",                      [401, 401, 204, 204, 204]),
    ("GET /api/v1/orders/{order_id}/history",                 [401, 401, 404, 200, 200]),
    ("POST /api/v1/orders/{order_id}/confirm",                [401, 401, 403, 403, 200]),
    // Once it is cancelled, it stays so.
    ("POST /api/v1/orders/{order_id}/cancel",                 [401, 401, 404, 200, 409]),
    // It is reserved: that is too early for the rest.
    ("POST /api/v1/orders/{order_id}/fulfil",                 [401, 401, 403, 403, 409]),
    ("POST /api/v1/orders/{order_id}/complete",               [401, 401, 403, 403, 409]),
    ("POST /api/v1/orders/{order_id}/refund",                 [401, 401, 403, 403, 409]),
    ("POST /api/v1/order",                                    [401, 401, 201, 201, 201]),
    ("GET /api/v1/order/{order_id}",                          [401, 401, 404, 200, 200]),
    ("PUT /api/v1/update_order/{order_id}",                   [401, 401, 404, 200, 200]),
    ("DELETE /api/v1/delete_order/{order_id}",                [401, 401, 204, 204, 204]),
    ("GET /api/v1/stock",                                     [401, 401, 403, 403, 200]),
    ("GET /api/v1/stock/{sku}",                               [401, 401, 403, 403, 200]),
    ("POST /api/v1/stock/{sku}",                              [401, 401, 403, 403, 400]),
    ("GET /api/v1/stock/{sku}/adjustments",                   [401, 401, 403, 403, 200]),
    ("PUT /api/v1/stock/{sku}/buckets",                       [401, 401, 403, 403, 200]),
    // Everybody reads the catalogue, and administrators write it.
    ("GET /api/v1/catalog/health",                            [200, 200, 200, 200, 200]),
    ("GET /api/v1/products",                                  [200, 401, 200, 200, 200]),
    ("POST /api/v1/products",                                 [401, 401, 403, 403, 201]),
    ("POST /api/v1/product",                                  [401, 401, 403, 403, 201]),
    ("GET /api/v1/products/by-slug/{slug}",                   [200, 401, 200, 200, 200]),
    ("GET /api/v1/products/export",                           [401, 401, 403, 403, 200]),
    // What has no body has no type of one either.
    ("POST /api/v1/products/import",                          [401, 401, 403, 403, 415]),
    ("GET /api/v1/products/imports/{import_id}",              [401, 401, 403, 403, 200]),
    ("GET /api/v1/products/{product_id}",                     [200, 401, 200, 200, 200]),
    ("PUT /api/v1/products/{product_id}",                     [401, 401, 403, 403, 200]),
    ("PATCH /api/v1/products/{product_id}",                   [401, 401, 403, 403, 200]),
    ("DELETE /api/v1/products/{product_id}",                  [401, 401, 403, 403, 204]),
    ("GET /api/v1/categories",                                [200, 401, 200, 200, 200]),
    ("POST /api/v1/categories",                               [401, 401, 403, 403, 201]),
    ("POST /api/v1/category",                                 [401, 401, 403, 403, 201]),
    // Without the query that says which.
    ("GET /api/v1/categories/by-path",                        [400, 401, 400, 400, 400]),
    ("GET /api/v1/categories/{category_id}",                  [200, 401, 200, 200, 200]),
    ("PATCH /api/v1/categories/{category_id}",                [401, 401, 403, 403, 200]),
    // There are others in it.
    ("DELETE /api/v1/categories/{category_id}",               [401, 401, 403, 403, 409]),
    ("POST /api/v1/categories/{category_id}/move",            [401, 401, 403, 403, 200]),
    ("GET /api/v1/categories/{category_id}/children",         [200, 401, 200, 200, 200]),
    ("GET /api/v1/categories/{category_id}/subtree",          [200, 401, 200, 200, 200]),
    ("GET /api/v1/categories/{category_id}/products",         [200, 401, 200, 200, 200]),
    ("GET /api/v1/products_with_category/{category_id}",      [200, 401, 200, 200, 200]),
];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<String> = Operation::all().map(|operation| operation.name()).collect();
    let rows: BTreeSet<String> = MATRIX.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(rows.len(), MATRIX.len(), "a route has two rows");
    let missing: Vec<_> = routes.symmetric_difference(&rows).collect();
    assert!(missing.is_empty(), "a row or a route is missing: {missing:#?}");
}

#[test]
fn every_route_answers_every_role_as_its_row_says() {
    thread::scope(|scope| {
        for rows in MATRIX.chunks(MATRIX.len().div_ceil(4)) {
            scope.spawn(|| rows.iter().for_each(|(route, statuses)| check(route, *statuses)));
        }
    });
}

/// Holds a route to its row, on a platform of its own.
fn check(route: &str, expected: [u16; 5]) {
    let Some(operation) = Operation::all().find(|operation| operation.name() == route) else {
        return; // The other test says so.
    };
    test_of(with_many_mails, async |app| {
        let cast = Cast::new(app, &operation).await;
        let mut found = Vec::new();
        for role in ROLES {
            let mut call = app.request(operation.method.clone(), &cast.path);
            if let Some(token) = cast.token(role) {
                call = call.token(token);
            }
            if let Some(body) = operation.example() {
                call = call.json(body);
            }
            found.push(call.send().await.status);
        }
        assert_eq!(found, expected, "{route} answers {ROLES:?}");
    });
}

/// Everybody asks for mails to one address.
fn with_many_mails(template: &mut Value) {
    with_cheap_passwords(template);
    template["Parameters"]["MailsPerHour"]["Default"] = 50.into();
}

/// Who plays.
struct Cast {
    blocked: Value,
    stranger: Value,
    people: People,
    /// What is asked for: the owner's.
    path: String,
}

impl Cast {
    async fn new(app: &App, operation: &Operation) -> Self {
        let owner = app.post("/api/v1/auth/register", example_of("POST /api/v1/auth/register")).await.json();
        // A session beside the one that calls.
        app.post("/api/v1/auth/login", example_of("POST /api/v1/auth/login")).await.granted();
        let admin = app.administrator("root-marker@example.com").await;
        let blocked = app.register_as("eve-marker@example.com").await;
        let path = format!("/api/v1/users/{}", text(&blocked["user"], "id"));
        let block = app.request(http::Method::PATCH, &path).token(text(&admin, "access_token"));
        assert_eq!(block.json(&json!({ "status": "blocked" })).send().await.status, 200);
        // By then every function knows.
        app.advance(std::time::Duration::from_secs(5));
        let stranger = app.register_as("bo-marker@example.com").await;
        if operation.value["tags"][0] == "orders" {
            // The catalogue's own examples want to sell the same.
            sell_what_examples_order(app, text(&admin, "access_token")).await;
        }
        let people = People { owner, administrator: admin, ..People::default() };
        let path = Parameters { api: app, people: &people }.path(operation).await;
        Self { blocked, stranger, people, path }
    }

    /// The access token of a role.
    fn token(&self, role: Role) -> Option<&str> {
        let tokens = match role {
            Anonymous => return None,
            Blocked => &self.blocked,
            Stranger => &self.stranger,
            Owner => &self.people.owner,
            Admin => &self.people.administrator,
        };
        Some(text(tokens, "access_token"))
    }
}

/// A text of an object.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}
