//! Every operation by every role, by a stranger, by the owner of another organisation, and
//! by an administrator of the platform.

use http::Method;
use serde_json::{Value, json};

use super::*;

/// The callers, in this order: owner, admin, editor, staff, viewer, the owner of another
/// organisation, an administrator of the platform.
const CALLERS: usize = 7;

/// A request, and its status for each caller. Everything happens on one platform: the
/// requests have no effect on the next ones.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, [u16; CALLERS])] = &[
    //                                owner admin editor staff viewer other platform
    ("GET", "",                         [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/members",                 [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/members/{staff}",         [200, 200, 200, 200, 200, 404, 200]),
    ("GET", "/invitations",             [200, 200, 403, 403, 403, 403, 200]),
    ("PATCH", "",                       [200, 200, 403, 403, 403, 403, 200]),
    ("PATCH slug", "",                  [200, 403, 403, 403, 403, 403, 200]),
    ("PUT", "",                         [200, 200, 403, 403, 403, 403, 200]),
    ("POST invite", "/invitations",     [201, 201, 403, 403, 403, 403, 403]),
    ("POST", "/invitations/{invitation}/resend", [202, 202, 403, 403, 403, 403, 403]),
    ("PATCH role", "/members/{viewer}", [200, 200, 403, 403, 200, 403, 403]),
    ("PATCH role", "/members/{admin}",  [200, 200, 403, 403, 403, 403, 403]),
    ("DELETE", "/members/{owner}",      [409, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/members/{nobody}",     [204, 204, 403, 403, 403, 403, 403]),
    ("POST transfer", "/transfer",      [409, 403, 403, 403, 403, 403, 403]),
    ("POST", "/verify",                 [403, 403, 403, 403, 403, 403, 200]),
    ("POST", "/unblock",                [403, 403, 403, 403, 403, 403, 200]),
    ("POST appoint", "/appoint",        [403, 403, 403, 403, 403, 403, 404]),
    ("DELETE", "/invitations/{invitation}", [204, 204, 403, 403, 403, 403, 403]),
    ("DELETE wrong version", "",        [412, 403, 403, 403, 403, 403, 412]),
];

/// The body of the request of a caller.
fn body(request: &str, nobody: &str, caller: usize) -> Value {
    match request {
        "PATCH" | "PUT" => json!({ "name": "Tea" }),
        "PATCH slug" => json!({ "slug": format!("tea-{caller}") }),
        "PATCH role" => json!({ "role": "viewer" }),
        "POST invite" => json!({ "email": "guest-marker@example.com", "role": "viewer" }),
        "POST transfer" | "POST appoint" => json!({ "user_id": nobody }),
        _ => Value::Null,
    }
}

#[test]
fn every_role_may_do_what_the_matrix_says() {
    test(async |app| {
        let mut callers = vec![person(app, "owner").await];
        let id = organization(app, &callers[0], "Teas").await;
        for role in ["admin", "editor", "staff", "viewer"] {
            let joining = person(app, role).await;
            join(app, &callers[0], &id, &joining, role).await;
            callers.push(joining);
        }
        callers.push(person(app, "other").await);
        organization(app, &callers[5], "Coffee").await;
        callers.push(administrator(app).await);
        let guest = stranger(app, "guest").await;
        let nobody = App::id::<shared::id::UserKind>(9).to_string();
        for (request, path, expected) in MATRIX {
            let invitation = invite(app, &callers[0], &id, &guest, "viewer").await;
            // A role that the row before has changed.
            let restored = json!({ "role": "admin" });
            assert_eq!(patch(app, &callers[0], &member(&id, &callers[1]), restored).await.status, 200);
            let mut found = Vec::new();
            for (place, caller) in callers.iter().enumerate() {
                let path = path.replace("{invitation}", &invitation).replace("{nobody}", &nobody);
                let path = [("owner", 0), ("admin", 1), ("staff", 3), ("viewer", 4)]
                    .iter()
                    .fold(path, |path, (role, place)| {
                        path.replace(&format!("{{{role}}}"), &callers[*place].id)
                    });
                let path = format!("/api/v1/organizations/{id}{path}");
                let method: Method = request.split(' ').next().unwrap().parse().unwrap();
                let mut call = app.request(method, &path).token(&caller.token);
                if *request == "DELETE wrong version" {
                    call = call.header("if-match", "\"999\"");
                }
                let body = body(request, &nobody, place);
                let reply = if body.is_null() { call.send().await } else { call.json(&body).send().await };
                found.push(reply.status);
            }
            assert_eq!(found, expected, "{request} {path}");
        }
    });
}
