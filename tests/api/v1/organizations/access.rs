//! Every operation by every role, by the owner of another organisation, by an administrator
//! of the platform, and without a token.

use http::Method;
use serde_json::{Value, json};

use super::*;

/// The callers, in this order: owner, admin, editor, staff, viewer, the owner of another
/// organisation, an administrator of the platform, and a request without a token.
const CALLERS: usize = 8;

/// A request, and its status for each caller. Everything happens on one platform: the
/// requests have no effect on the next ones. `stale` requests have an `If-Match` of another
/// version; the invitation is that of a person who is none of the callers.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, [u16; CALLERS])] = &[
    //                                             owner admin editor staff viewer other platform anonymous
    ("GET", "organizations/{id}",                   [200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "organizations/mine",                   [200, 200, 200, 200, 200, 200, 200, 401]),
    ("GET", "organizations/{id}/members",           [200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "organizations/{id}/members/{staff}",   [200, 200, 200, 200, 200, 404, 200, 401]),
    ("GET", "organizations/{id}/invitations",       [200, 200, 403, 403, 403, 403, 200, 401]),
    ("PATCH", "organizations/{id}",                 [200, 200, 403, 403, 403, 403, 200, 401]),
    ("PATCH slug", "organizations/{id}",            [200, 403, 403, 403, 403, 403, 200, 401]),
    ("PUT", "organizations/{id}",                   [200, 200, 403, 403, 403, 403, 200, 401]),
    ("POST invite", "organizations/{id}/invitations", [201, 201, 403, 403, 403, 403, 403, 401]),
    ("POST", "organizations/{id}/invitations/{invitation}/resend", [202, 202, 403, 403, 403, 403, 403, 401]),
    ("PATCH role", "organizations/{id}/members/{viewer}", [200, 200, 403, 403, 200, 403, 403, 401]),
    ("PATCH role", "organizations/{id}/members/{admin}", [200, 200, 403, 403, 403, 403, 403, 401]),
    ("DELETE", "organizations/{id}/members/{owner}", [409, 403, 403, 403, 403, 403, 403, 401]),
    ("DELETE", "organizations/{id}/members/{nobody}", [204, 204, 403, 403, 403, 403, 403, 401]),
    ("POST stale", "organizations/{id}/leave",      [412, 412, 412, 412, 412, 204, 204, 401]),
    ("POST transfer", "organizations/{id}/transfer", [409, 403, 403, 403, 403, 403, 403, 401]),
    ("POST", "organizations/{id}/verify",           [403, 403, 403, 403, 403, 403, 200, 401]),
    ("POST stale", "organizations/{id}/block",      [403, 403, 403, 403, 403, 403, 412, 401]),
    ("POST", "organizations/{id}/unblock",          [403, 403, 403, 403, 403, 403, 200, 401]),
    ("POST appoint", "organizations/{id}/appoint",  [403, 403, 403, 403, 403, 403, 404, 401]),
    ("DELETE", "organizations/{id}/invitations/{invitation}", [204, 204, 403, 403, 403, 403, 403, 401]),
    ("DELETE stale", "organizations/{id}",          [412, 403, 403, 403, 403, 403, 412, 401]),
    ("GET", "invitations",                          [200, 200, 200, 200, 200, 200, 200, 401]),
    ("POST token", "invitations/preview",           [200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST body", "invitations/{invitation}/accept", [404, 404, 404, 404, 404, 404, 404, 401]),
    ("POST token", "invitations/{invitation}/accept", [403, 403, 403, 403, 403, 403, 403, 401]),
    ("POST body", "invitations/{invitation}/decline", [404, 404, 404, 404, 404, 404, 404, 401]),
    ("POST token", "invitations/{invitation}/decline", [403, 403, 403, 403, 403, 403, 403, 401]),
];

/// The body of the request of a caller.
fn body(request: &str, (nobody, token): (&str, &str), caller: usize) -> Value {
    match request {
        "PATCH" | "PUT" => json!({ "name": "Tea" }),
        "PATCH slug" => json!({ "slug": format!("tea-{caller}") }),
        "PATCH role" => json!({ "role": "viewer" }),
        "POST invite" => json!({ "email": "guest-marker@example.com", "role": "viewer" }),
        "POST transfer" | "POST appoint" => json!({ "user_id": nobody }),
        "POST token" => json!({ "token": token }),
        "POST body" => json!({}),
        _ => Value::Null,
    }
}

#[test]
fn every_role_may_do_what_the_matrix_says() {
    test(async |app| {
        let mut people = vec![person(app, "owner").await];
        let id = organization(app, &people[0], "Teas").await;
        for role in ["admin", "editor", "staff", "viewer"] {
            let joining = person(app, role).await;
            join(app, &people[0], &id, &joining, role).await;
            people.push(joining);
        }
        people.push(person(app, "other").await);
        organization(app, &people[5], "Coffee").await;
        people.push(administrator(app).await);
        let guest = stranger(app, "guest").await;
        let nobody = App::id::<shared::id::UserKind>(9).to_string();
        for (request, path, expected) in MATRIX {
            let invitation = invite(app, &people[0], &id, &guest, "viewer").await;
            let token = match *request {
                "POST token" => app.mailed_token(&guest.email).await,
                _ => String::new(),
            };
            // A role that the row before has changed.
            let restored = json!({ "role": "admin" });
            assert_eq!(patch(app, &people[0], &member(&id, &people[1]), restored).await.status, 200);
            let names = [("{id}", id.as_str()), ("{invitation}", &invitation), ("{nobody}", &nobody)];
            let roles = [("{owner}", 0), ("{admin}", 1), ("{staff}", 3), ("{viewer}", 4)];
            let names = names.into_iter().chain(roles.map(|(name, place)| (name, people[place].id.as_str())));
            let target = names.fold((*path).to_owned(), |path, (name, value)| path.replace(name, value));
            let mut found = Vec::new();
            for (place, caller) in people.iter().map(Some).chain([None]).enumerate() {
                let method: Method = request.split(' ').next().unwrap().parse().unwrap();
                let mut call = app.request(method, &format!("/api/v1/{target}"));
                if let Some(caller) = caller {
                    call = call.token(&caller.token);
                }
                if request.ends_with(" stale") {
                    call = call.header("if-match", "\"999\"");
                }
                let body = body(request, (&nobody, &token), place);
                let reply = if body.is_null() { call.send().await } else { call.json(&body).send().await };
                found.push(reply.status);
            }
            assert_eq!(found, expected, "{request} {path}");
        }
    });
}
