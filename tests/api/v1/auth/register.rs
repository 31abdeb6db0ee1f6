//! `POST /api/v1/auth/register`

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, client::Reply, test, test_of, with_cheap_passwords};

const PATH: &str = "/api/v1/auth/register";

#[test]
fn register_signs_in_and_asks_to_confirm_the_address() {
    test(async |app| {
        let body = json!({ "email": " Ada-Marker@Example.com", "password": PASSWORD, "name": "Ada Marker-Lovelace" });
        let reply = app.post(PATH, body).await;
        assert_eq!(reply.status, 201);
        assert_eq!(reply.header("location"), "/api/v1/users/me");
        let body = reply.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &600.into()));
        assert_eq!(
            body["user"],
            json!({
                "id": body["user"]["id"],
                "email": "ada-marker@example.com",
                "email_verified": false,
                "name": "Ada Marker-Lovelace",
                "role": "USER",
                "status": "active",
                "profile": {},
                "preferences": { "locale": "en", "notifications": { "marketing": false } },
                "version": 1,
                "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2026-01-01T00:00:00.000Z",
            })
        );

        let mails = app.mails_to("ada-marker@example.com").await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject, "Confirm your email address");
        assert!(mails[0].text.contains("http://127.0.0.1:3000/account/confirm-email?token="));
    });
}

#[test]
fn register_writes_in_the_language_that_is_asked_for() {
    test(async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD, "name": "<Ада>", "locale": "ru-RU" });
        assert_eq!(app.post(PATH, body).await.status, 201);
        let mail = app.mails_to("ada-marker@example.com").await.pop().unwrap();
        assert!(mail.text.starts_with("Здравствуйте!"), "whoever registers may be a stranger");
        app.confirm_email("ada-marker@example.com").await;
        app.post("/api/v1/auth/password-reset-request", json!({ "email": "ada-marker@example.com" }))
            .await
            .granted();
        let mail = app.mails_to("ada-marker@example.com").await.pop().unwrap();
        assert!(mail.text.starts_with("Здравствуйте, <Ада>!"));
        assert!(mail.html.contains("Здравствуйте, &lt;Ада&gt;!"));
    });
}

#[test]
fn register_refuses_a_taken_email() {
    test(async |app| {
        app.register().await;
        let body = json!({ "email": "ADA-MARKER@example.com", "password": PASSWORD });
        let reply = app.post(PATH, body).await;
        assert_eq!(reply.problem(), (409, "email_taken".to_owned()));
        assert_eq!(app.mails_to("ada-marker@example.com").await.len(), 1);
    });
}

#[test]
fn without_a_locale_mails_are_in_the_language_of_the_browser() {
    test(async |app| {
        for (email, header, locale) in [
            ("ada-marker@example.com", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
            ("bo-marker@example.com", "de-DE, *;q=0.5", "en"),
        ] {
            let body = json!({ "email": email, "password": PASSWORD });
            let call = app.request(http::Method::POST, PATH).json(&body).header("accept-language", header);
            let user = call.send().await.json()["user"].clone();
            assert_eq!(user["preferences"]["locale"], locale);
            assert_eq!(user["created_at"], user["updated_at"], "one reading of the clock");
        }
    });
}

#[test]
fn one_of_two_at_once_gets_the_address() {
    test(async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let (one, other) = futures::join!(app.post(PATH, body.clone()), app.post(PATH, body));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(app.mails_to("ada-marker@example.com").await.len(), 1);
    });
}

fn quietly(template: &mut Value) {
    template["Parameters"]["QuietRegistration"]["Default"] = "true".into();
}

#[test]
fn a_quiet_registration_does_not_reveal_a_taken_address() {
    test_of(quietly, async |app| {
        let (mut seen, mut token) = (Vec::new(), None);
        for _ in 0..2 {
            let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
            let reply = app.post(PATH, body).await;
            let mut headers = reply.headers.clone();
            headers.remove("x-request-id");
            let line = app.lines.of("auth-api").pop().unwrap();
            seen.push((reply.status, reply.bytes, headers, (line.hashes, line.round_trips)));
            if token.is_none() {
                token = Some(app.mailed_token("ada-marker@example.com").await);
            }
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!((seen[0].0, seen[0].1.as_slice()), (202, br#"{"status":"accepted"}"#.as_slice()));
        let subjects: Vec<String> =
            app.mails_to("ada-marker@example.com").await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects, ["Confirm your email address", "You already have an account at Agora"]);
        // A login does not reveal either whether the password is that of a
        // registration.
        let login = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let login = app.post("/api/v1/auth/login", login).await;
        assert_eq!(login.problem(), (401, "invalid_credentials".to_owned()));
        let confirm = json!({ "token": token, "password": PASSWORD });
        app.post("/api/v1/auth/email-verification-confirm", confirm).await.granted();
        app.log_in("ada-marker@example.com").await;
    });
}

#[test]
fn two_quiet_registrations_at_once_create_one_account_and_answer_alike() {
    test_of(quietly, async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let (one, other) = futures::join!(app.post(PATH, body.clone()), app.post(PATH, body));
        assert_eq!((one.status, &one.bytes), (202, &other.bytes));
        assert_eq!(other.status, 202);
        assert_eq!(app.mails_to("ada-marker@example.com").await.len(), 2);
    });
}

const ADA: &str = "ada-marker@example.com";

async fn register(app: &App) -> Reply {
    app.post(PATH, json!({ "email": ADA, "password": PASSWORD })).await
}

async fn delete(app: &App, token: &str) {
    assert_eq!(app.delete_as(token, "/api/v1/users/me").await.status, 204);
    app.platform.settle().await;
}

/// Number of emails that ask to confirm the address.
async fn confirmations(app: &App) -> usize {
    let mails = app.mails_to(ADA).await;
    mails.iter().filter(|mail| mail.subject == "Confirm your email address").count()
}

#[test]
fn an_address_gets_three_confirmations_an_hour_by_registrations() {
    test(async |app| {
        for _ in 0..3 {
            let registered = register(app).await;
            assert_eq!(registered.status, 201);
            delete(app, registered.json()["access_token"].as_str().unwrap()).await;
        }
        let refused = register(app).await;
        assert_eq!(refused.problem(), (429, "too_many_attempts".to_owned()));
        assert_eq!(refused.header("retry-after"), "3600");
        assert_eq!(confirmations(app).await, 3);
        app.advance(Duration::from_hours(1));
        assert_eq!(register(app).await.status, 201);
        assert_eq!(register(app).await.status, 409, "a taken address is told before the limit");
    });
}

#[test]
fn a_quiet_registration_beyond_the_limit_creates_no_account() {
    test_of(quietly, async |app| {
        for _ in 0..3 {
            assert_eq!(register(app).await.status, 202);
            let confirm = json!({ "token": app.mailed_token(ADA).await, "password": PASSWORD });
            app.post("/api/v1/auth/email-verification-confirm", confirm).await.granted();
            let tokens = app.log_in(ADA).await;
            delete(app, tokens["access_token"].as_str().unwrap()).await;
        }
        let quiet = register(app).await;
        assert_eq!((quiet.status, quiet.bytes.as_slice()), (202, br#"{"status":"accepted"}"#.as_slice()));
        assert_eq!(confirmations(app).await, 3);
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD })).await;
        assert_eq!(login.status, 401);
    });
}

#[test]
fn a_site_registers_twenty_accounts_an_hour() {
    test_of(with_cheap_passwords, async |app| {
        let register = async |number: usize, address: &str| {
            let body = json!({ "email": format!("person{number}-marker@example.com"), "password": PASSWORD });
            app.request(http::Method::POST, PATH).json(&body).from(address).send().await
        };
        for number in 0..20 {
            // One IPv6 site, with a network for each account.
            let reply = register(number, &format!("2001:db8:1:{number:x}::1")).await;
            assert_eq!(reply.status, 201, "{number}");
        }
        let refused = register(20, "2001:db8:1:ffff::1").await;
        assert_eq!(refused.problem(), (429, "too_many_attempts".to_owned()));
        assert_eq!(refused.header("ratelimit-limit"), "20");
        assert_eq!(register(20, "2001:db8:2::1").await.status, 201);
    });
}

#[test]
fn requests_of_strangers_do_not_keep_an_address_from_registering() {
    test(async |app| {
        for status in [202, 202, 202, 429] {
            let request = app.post("/api/v1/auth/email-verification-request", json!({ "email": ADA }));
            assert_eq!(request.await.status, status);
        }
        assert_eq!(register(app).await.status, 201);
    });
}

#[test]
fn register_reports_every_fault_at_once() {
    test(async |app| {
        let body = json!({ "email": "ada", "name": "", "locale": 7, "admin": true });
        let faults = app.post(PATH, body).await.faults();
        let expected = [
            ("/admin", "unknown_field"),
            ("/email", "invalid_email"),
            ("/name", "invalid_name"),
            ("/locale", "wrong_type"),
            ("/password", "required"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    });
}

#[test]
fn a_common_password_is_weak() {
    test(async |app| {
        for password in ["password", "12345678", "qwertyuiop", "iloveyou1", "Passw0rd!", "letmein123"] {
            let body = json!({ "email": "ada-marker@example.com", "password": password });
            let faults = app.post(PATH, body).await.faults();
            assert_eq!(faults, [("/password".to_owned(), "weak_password".to_owned())], "{password}");
        }
    });
}

#[test]
fn a_password_that_its_owner_is_called_by_is_weak() {
    test(async |app| {
        for password in ["password123", "ada-marker", "Ada Marker-Lovelace"] {
            let body = json!({ "email": "ada-marker@example.com", "password": password, "name": "Ada Marker-Lovelace" });
            let faults = app.post(PATH, body).await.faults();
            assert_eq!(faults, [("/password".to_owned(), "weak_password".to_owned())]);
        }
    });
}

#[test]
fn bodies_other_than_json_objects_are_refused() {
    test(async |app| {
        for body in [" ", "{", "[]", "null", "\"x\"", "{}{}", "\u{0}"] {
            let reply = app.post_text(PATH, "application/json", body.to_owned()).await;
            assert_eq!(reply.problem(), (400, "malformed_json".to_owned()), "{body:?}");
        }
        let reply = app.post_text(PATH, "text/plain", "{}").await;
        assert_eq!(reply.problem(), (415, "unsupported_media_type".to_owned()));
    });
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    test(async |app| {
        let reply = app.post(PATH, json!({ "email": "x".repeat(300_000) })).await;
        assert_eq!(reply.problem(), (413, "body_too_large".to_owned()));
    });
}

#[test]
fn the_event_says_who_and_nothing_personal() {
    test(async |app| {
        let reply = register_in_trace(app).await;
        let id = reply["user"]["id"].as_str().unwrap();
        let request_id = app.lines.of("auth-api").pop().unwrap().request_id;
        let events = app.outbox(&format!("USER#{id}"), "USER").await;
        assert_eq!(
            events,
            json!([{
                "id": format!("{id}.1.0"),
                "source": "agora.auth",
                "type": "user.created",
                "schema_version": 1,
                "aggregate_id": id,
                "aggregate_version": 1,
                "occurred_at": "2026-01-01T00:00:00.000Z",
                "request_id": request_id,
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "data": { "user_id": id, "role": "USER", "status": "active", "email_verified": false },
            }])
        );
        app.platform.settle().await;
        let reaction = app.lines.of("notifications").pop().unwrap();
        assert_eq!((reaction.action.as_str(), reaction.outcome.as_str()), ("user.created", "done"));
        assert_eq!(reaction.request_id, request_id, "the consumer's line names the request");
    });
}

async fn register_in_trace(app: &App) -> Value {
    let request = http::Request::post(PATH)
        .header("content-type", "application/json; charset=utf-8")
        .header("x-request-id", "my-request")
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .body(json!({ "email": "ada-marker@example.com", "password": PASSWORD }).to_string().into());
    let reply = app.send(request.unwrap()).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("x-request-id"), "my-request");
    reply.json()
}

#[test]
fn the_table_holds_no_password_and_no_address_in_a_key() {
    test(async |app| {
        let reply = app.register().await;
        let id = reply["user"]["id"].as_str().unwrap();
        let user = app.item(&format!("USER#{id}"), "USER").await.unwrap();
        assert!(!format!("{user:?}").contains("argon2"), "the user item has no hash");
        let scanned =
            app.dynamodb().scan().table_name(&app.platform.stack().table.name).send().await.unwrap();
        for item in scanned.items() {
            let text = format!("{item:?}");
            assert!(!text.contains(PASSWORD));
            assert!(!format!("{:?}{:?}", item["pk"], item["sk"]).contains("ada-marker"));
        }
        let login =
            scanned.items().iter().find(|item| item["type"].as_s() == Ok(&"login".to_owned())).unwrap();
        let hash = login["password_hash"].as_s().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
    });
}
