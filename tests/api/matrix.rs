//! Every route with every kind of caller. A row is a route of the documents; its body
//! is the document's example. The parameters of its path name resources of the owner,
//! see `Cast`.
//!
//! To add an endpoint, add its row; the resources that its path names are created in
//! `harness::parameters`.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};

use crate::harness::{
    App, PASSWORD,
    document::{Operation, example_of, sell_what_examples_order},
    parameters::{Parameters, People},
    test_of, with_cheap_passwords,
};

/// Caller: none; a blocked account; an account unrelated to the resources of the
/// path; their owner, whose address the examples have; an administrator.
#[derive(Debug, Clone, Copy)]
enum Role {
    Anonymous,
    Blocked,
    Stranger,
    Owner,
    Admin,
}

use Role::{Admin, Anonymous, Blocked, Owner, Stranger};

/// The columns. The roles call in this order, each after the effects of the previous
/// ones.
const ROLES: [Role; 5] = [Anonymous, Blocked, Stranger, Owner, Admin];

/// A route and its status for each role.
#[rustfmt::skip]
const MATRIX: &[(&str, [u16; 5])] = &[
    //                                                    anonymous  stranger  admin
    //                                                         blocked    owner
    ("GET /.well-known/jwks.json",                            [200, 200, 200, 200, 200]),
    ("GET /health",                                           [200, 200, 200, 200, 200]),
    ("GET /openapi.json",                                     [200, 200, 200, 200, 200]),

    ("GET /api/v1/auth/health",                               [200, 200, 200, 200, 200]),
    // The address is the owner's and therefore taken.
    ("POST /api/v1/auth/register",                            [409, 409, 409, 409, 409]),
    ("POST /api/v1/auth/login",                               [200, 200, 200, 200, 200]),
    ("POST /api/v1/auth/verify",                              [200, 200, 200, 200, 200]),
    ("POST /api/v1/auth/password-reset-request",              [202, 202, 202, 202, 202]),
    ("POST /api/v1/auth/email-verification-request",          [202, 202, 202, 202, 202]),
    // The example of a token is invalid for everyone.
    ("POST /api/v1/auth/refresh",                             [401, 401, 401, 401, 401]),
    ("POST /api/v1/auth/password-reset-confirm",              [400, 400, 400, 400, 400]),
    ("POST /api/v1/auth/email-verification-confirm",          [400, 401, 400, 400, 400]),
    // The password is the owner's.
    ("POST /api/v1/auth/reauthenticate",                      [401, 401, 403, 200, 403]),
    ("POST /api/v1/auth/password-change",                     [401, 401, 403, 204, 403]),
    ("POST /api/v1/auth/logout",                              [401, 401, 204, 204, 204]),
    ("GET /api/v1/auth/me",                                   [401, 401, 200, 200, 200]),
    ("GET /api/v1/auth/sessions",                             [401, 401, 200, 200, 200]),
    // The reply does not reveal whether another user's session exists.
    ("DELETE /api/v1/auth/sessions/{session_id}",             [401, 401, 204, 204, 204]),

    ("GET /api/v1/users/health",                              [200, 200, 200, 200, 200]),
    ("GET /api/v1/users",                                     [401, 401, 403, 403, 200]),
    ("POST /api/v1/users",                                    [401, 401, 403, 403, 201]),
    ("GET /api/v1/users/me",                                  [401, 401, 200, 200, 200]),
    ("PUT /api/v1/users/me",                                  [401, 401, 200, 200, 200]),
    ("PATCH /api/v1/users/me",                                [401, 401, 200, 200, 200]),
    // The only administrator cannot be deleted.
    ("DELETE /api/v1/users/me",                               [401, 401, 204, 204, 409]),
    ("GET /api/v1/users/{user_id}",                           [401, 401, 404, 200, 200]),
    ("PUT /api/v1/users/{user_id}",                           [401, 401, 404, 200, 200]),
    ("PATCH /api/v1/users/{user_id}",                         [401, 401, 404, 200, 200]),
    ("DELETE /api/v1/users/{user_id}",                        [401, 401, 404, 204, 204]),
    ("POST /api/v1/users/me/export",                          [401, 401, 202, 202, 202]),
    // An export is visible to its owner only, not to administrators.
    ("GET /api/v1/users/me/export/{export_id}",               [401, 401, 404, 200, 404]),

    ("GET /api/v1/orders/health",                             [200, 200, 200, 200, 200]),
    ("GET /api/v1/orders",                                    [401, 401, 200, 200, 200]),
    // The example has no idempotency key.
    ("POST /api/v1/orders",                                   [401, 401, 400, 400, 400]),
    ("GET /api/v1/orders/{order_id}",                         [401, 401, 404, 200, 200]),
    ("PUT /api/v1/orders/{order_id}",                         [401, 401, 404, 200, 200]),
    ("PATCH /api/v1/orders/{order_id}",                       [401, 401, 404, 200, 200]),
    // The reply does not reveal whether another user's order exists.
    ("DELETE /api/v1/orders/{order_id}",                      [401, 401, 204, 204, 204]),
    ("GET /api/v1/orders/{order_id}/history",                 [401, 401, 404, 200, 200]),
    ("POST /api/v1/orders/{order_id}/confirm",                [401, 401, 403, 403, 200]),
    // Cancelled by its owner before.
    ("POST /api/v1/orders/{order_id}/cancel",                 [401, 401, 404, 200, 409]),
    // The order is only reserved: too early for these.
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
    // The catalogue is public; administrators write it.
    ("GET /api/v1/catalog/health",                            [200, 200, 200, 200, 200]),
    ("GET /api/v1/products",                                  [200, 401, 200, 200, 200]),
    ("POST /api/v1/products",                                 [401, 401, 403, 403, 201]),
    ("POST /api/v1/product",                                  [401, 401, 403, 403, 201]),
    ("GET /api/v1/products/by-slug/{slug}",                   [200, 401, 200, 200, 200]),
    ("GET /api/v1/products/export",                           [401, 401, 403, 403, 200]),
    // Without a body there is no media type.
    ("POST /api/v1/products/import",                          [401, 401, 403, 403, 415]),
    ("GET /api/v1/products/imports/{import_id}",              [401, 401, 404, 404, 200]),
    ("GET /api/v1/products/{product_id}",                     [200, 401, 200, 200, 200]),
    ("PUT /api/v1/products/{product_id}",                     [401, 401, 403, 403, 200]),
    ("PATCH /api/v1/products/{product_id}",                   [401, 401, 403, 403, 200]),
    ("DELETE /api/v1/products/{product_id}",                  [401, 401, 403, 403, 204]),
    ("GET /api/v1/categories",                                [200, 401, 200, 200, 200]),
    ("POST /api/v1/categories",                               [401, 401, 403, 403, 201]),
    ("POST /api/v1/category",                                 [401, 401, 403, 403, 201]),
    // Without the required query.
    ("GET /api/v1/categories/by-path",                        [400, 401, 400, 400, 400]),
    ("GET /api/v1/categories/{category_id}",                  [200, 401, 200, 200, 200]),
    ("PATCH /api/v1/categories/{category_id}",                [401, 401, 403, 403, 200]),
    // The category is not empty.
    ("DELETE /api/v1/categories/{category_id}",               [401, 401, 403, 403, 409]),
    ("POST /api/v1/categories/{category_id}/move",            [401, 401, 403, 403, 200]),
    ("GET /api/v1/categories/{category_id}/children",         [200, 401, 200, 200, 200]),
    ("GET /api/v1/categories/{category_id}/subtree",          [200, 401, 200, 200, 200]),
    ("GET /api/v1/categories/{category_id}/products",         [200, 401, 200, 200, 200]),
    ("GET /api/v1/products_with_category/{category_id}",      [200, 401, 200, 200, 200]),

    // Every member may see; the owner acts. Administrators of the platform act beside the roles.
    ("GET /api/v1/organizations/health",                       [200, 200, 200, 200, 200]),
    ("GET /api/v1/organizations",                              [200, 401, 200, 200, 200]),
    ("POST /api/v1/organizations",                             [401, 401, 201, 201, 201]),
    ("GET /api/v1/organizations/mine",                         [401, 401, 200, 200, 200]),
    ("GET /api/v1/organizations/by-slug/{organization_slug}",  [200, 401, 200, 200, 200]),
    // The administrator is an owner, too. `api/v1/organizations/roles.rs` has every role.
    ("GET /api/v1/organizations/{organization_id}",            [200, 401, 200, 200, 200]),
    ("PUT /api/v1/organizations/{organization_id}",            [401, 401, 403, 200, 200]),
    ("PATCH /api/v1/organizations/{organization_id}",          [401, 401, 403, 200, 200]),
    ("DELETE /api/v1/organizations/{organization_id}",         [401, 401, 403, 204, 204]),
    // The example names nobody's account.
    ("POST /api/v1/organizations/{organization_id}/transfer",  [401, 401, 403, 409, 409]),
    // The administrator is the last owner then.
    ("POST /api/v1/organizations/{organization_id}/leave",     [401, 401, 204, 204, 409]),
    ("POST /api/v1/organizations/{organization_id}/verify",    [401, 401, 403, 403, 200]),
    ("POST /api/v1/organizations/{organization_id}/block",     [401, 401, 403, 403, 200]),
    ("POST /api/v1/organizations/{organization_id}/unblock",   [401, 401, 403, 403, 200]),
    // The example names nobody's account.
    ("POST /api/v1/organizations/{organization_id}/appoint",   [401, 401, 403, 403, 404]),
    ("GET /api/v1/organizations/{organization_id}/members",    [200, 401, 200, 200, 200]),
    ("GET /api/v1/organizations/{organization_id}/members/{member_id}",[401, 401, 404, 200, 200]),
    ("PATCH /api/v1/organizations/{organization_id}/members/{member_id}",[401, 401, 403, 200, 403]),
    ("DELETE /api/v1/organizations/{organization_id}/members/{member_id}",[401, 401, 403, 204, 204]),
    ("POST /api/v1/organizations/{organization_id}/invitations",[401, 401, 403, 201, 201]),
    ("GET /api/v1/organizations/{organization_id}/invitations",[401, 401, 403, 200, 200]),
    ("DELETE /api/v1/organizations/{organization_id}/invitations/{invitation_id}",[401, 401, 403, 204, 204]),
    ("POST /api/v1/organizations/{organization_id}/invitations/{invitation_id}/resend",[401, 401, 403, 202, 202]),
    ("GET /api/v1/invitations",                                [401, 401, 200, 200, 200]),
    // The example of a token is invalid for everyone.
    ("POST /api/v1/invitations/preview",                       [404, 404, 404, 404, 404]),
    // The owner's address is not verified.
    ("POST /api/v1/invitations/{invitation_id}/accept",        [401, 401, 404, 403, 404]),
    ("POST /api/v1/invitations/{invitation_id}/decline",       [401, 401, 404, 403, 404]),

    ("GET /api/v1/events/health",                              [200, 200, 200, 200, 200]),
    // The search is the same for everyone.
    ("GET /api/v1/events",                                     [200, 200, 200, 200, 200]),
    ("GET /api/v1/events/facets",                              [200, 200, 200, 200, 200]),
    ("GET /api/v1/events/calendar.ics",                        [200, 200, 200, 200, 200]),
    ("GET /api/v1/events/feed.json",                           [200, 200, 200, 200, 200]),
    ("POST /api/v1/events",                                    [401, 401, 201, 201, 201]),
    ("GET /api/v1/events/managed",                             [401, 401, 200, 200, 200]),
    ("GET /api/v1/organizations/{organization_id}/events",     [200, 200, 200, 200, 200]),
    ("GET /api/v1/users/{user_id}/events",                     [200, 200, 200, 200, 200]),
    ("GET /api/v1/events/by-slug/{event_slug}",                [200, 401, 200, 200, 200]),
    // The event is a draft of the owner. `api/v1/events/access.rs` has every role.
    ("GET /api/v1/events/{event_id}",                          [404, 401, 404, 200, 200]),
    ("GET /api/v1/events/{event_id}/calendar.ics",             [404, 401, 404, 200, 200]),
    ("GET /api/v1/events/{event_id}/event.jsonld",             [404, 401, 404, 200, 200]),
    ("PUT /api/v1/events/{event_id}",                          [401, 401, 404, 200, 403]),
    ("PATCH /api/v1/events/{event_id}",                        [401, 401, 404, 200, 403]),
    ("DELETE /api/v1/events/{event_id}",                       [401, 401, 204, 204, 204]),
    ("POST /api/v1/events/{event_id}/publish",                 [401, 401, 404, 200, 403]),
    // The event is a draft already.
    ("POST /api/v1/events/{event_id}/unpublish",               [401, 401, 404, 200, 403]),
    // A draft is deleted instead.
    ("POST /api/v1/events/{event_id}/cancel",                  [401, 401, 404, 409, 403]),
    ("POST /api/v1/events/{event_id}/postpone",                [401, 401, 404, 409, 403]),
    ("POST /api/v1/events/{event_id}/reschedule",              [401, 401, 404, 409, 403]),
    ("POST /api/v1/events/{event_id}/complete",                [401, 401, 404, 409, 403]),
    ("POST /api/v1/events/{event_id}/duplicate",               [401, 401, 404, 201, 403]),
    // The organisation of the example does not exist.
    ("POST /api/v1/events/{event_id}/transfer",                [401, 401, 404, 403, 403]),
    ("POST /api/v1/events/{event_id}/block",                   [401, 401, 403, 403, 200]),
    ("POST /api/v1/events/{event_id}/unblock",                 [401, 401, 403, 403, 200]),
    ("GET /api/v1/events/{event_id}/occurrences",              [404, 401, 404, 200, 200]),
    ("GET /api/v1/events/{event_id}/occurrences/{occurrence_key}", [404, 401, 404, 200, 200]),
    ("PATCH /api/v1/events/{event_id}/occurrences/{occurrence_key}", [401, 401, 404, 200, 403]),
    ("DELETE /api/v1/events/{event_id}/occurrences/{occurrence_key}", [401, 401, 404, 204, 403]),
    ("POST /api/v1/events/{event_id}/occurrences/{occurrence_key}/cancel", [401, 401, 404, 200, 403]),
    ("POST /api/v1/events/{event_id}/occurrences/{occurrence_key}/restore", [401, 401, 404, 200, 403]),
    ("GET /api/v1/event-categories",                           [200, 200, 200, 200, 200]),
    // The example lacks categories of the list.
    ("PUT /api/v1/event-categories",                           [401, 401, 403, 403, 409]),
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

/// Checks a route against its row, on a platform of its own.
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

/// All roles request mails to one address.
fn with_many_mails(template: &mut Value) {
    with_cheap_passwords(template);
    template["Parameters"]["MailsPerHour"]["Default"] = 50.into();
}

/// The callers.
struct Cast {
    blocked: Value,
    stranger: Value,
    people: People,
    /// The path, with the owner's resources.
    path: String,
}

impl Cast {
    async fn new(app: &App, operation: &Operation) -> Self {
        let owner = app.post("/api/v1/auth/register", example_of("POST /api/v1/auth/register")).await.json();
        // A session besides the calling one.
        app.post("/api/v1/auth/login", example_of("POST /api/v1/auth/login")).await.granted();
        let admin = app.administrator("root-marker@example.com").await;
        let blocked = app.register_as("eve-marker@example.com").await;
        let path = format!("/api/v1/users/{}", text(&blocked["user"], "id"));
        let block = app.request(http::Method::PATCH, &path).token(text(&admin, "access_token"));
        assert_eq!(block.json(&json!({ "status": "blocked" })).send().await.status, 200);
        // After the interval in which every function reads the revocations.
        app.advance(std::time::Duration::from_secs(5));
        let stranger = app.register_as("bo-marker@example.com").await;
        if operation.name().contains("/events") {
            // The stranger owns another organisation.
            let own = json!({ "name": "Looms" });
            app.post_as(text(&stranger, "access_token"), "/api/v1/organizations", own).await.granted();
        }
        if operation.value["tags"][0] == "orders" {
            // The examples of the catalogue have the same SKUs.
            sell_what_examples_order(app, text(&admin, "access_token")).await;
        }
        let people = People { owner, administrator: admin, password: PASSWORD, ..People::default() };
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

/// Text field of an object.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}
