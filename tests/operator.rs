//! The operator's commands: administrators, keys, seeds, imports.

use std::{collections::BTreeSet, time::Duration};

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Request;
use local::{
    client::Client,
    import,
    operator::{Command, OperatorError, Outcome, Tally},
    platform::{Options, Platform},
    seed::{
        self,
        demo::{Demo, Filled},
    },
};
use serde_json::{Value, json};
use shared::identity::tokens::ROTATION_PAUSE;

use crate::harness::{App, PASSWORD, test};

const ADA: &str = "ada-marker@example.com";
const ME: &str = "/api/v1/auth/me";
const JWKS: &str = "/.well-known/jwks.json";

/// Time for which a warm function uses the secrets that it has read.
const SECRETS_CACHE: Duration = Duration::from_mins(5);

/// Time for which the public keys are cached.
const JWKS_CACHE: Duration = Duration::from_mins(1);

async fn run(app: &App, command: Command) -> Result<Outcome, OperatorError> {
    app.platform.operator().run(command).await
}

async fn tally(app: &App, command: Command) -> Tally {
    match run(app, command).await.unwrap() {
        Outcome::Accounts(tally) => tally,
        other => panic!("{other:?}"),
    }
}

fn token(reply: &Value) -> &str {
    reply["access_token"].as_str().unwrap()
}

/// The key id of a token reply's access token.
fn kid(reply: &Value) -> Value {
    let header = token(reply).split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["kid"].clone()
}

async fn published(app: &App) -> Vec<Value> {
    let keys = app.get(JWKS).await.json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect()
}

#[test]
fn an_account_that_becomes_administrator_must_log_in_again() {
    test(async |app| {
        let before = app.register_as(ADA).await;
        let command = || Command::GrantAdministrator { email: ADA.to_owned() };
        run(app, command()).await.unwrap();
        app.advance(Duration::from_secs(5));
        assert_eq!(app.get_as(token(&before), ME).await.status, 401);
        let after = app.log_in(ADA).await;
        assert_eq!(app.get_as(token(&after), ME).await.json()["role"], "ADMIN");
        run(app, command()).await.unwrap();
        assert_eq!(app.get_as(token(&after), ME).await.status, 200, "a second time changes nothing");
        let nobody = Command::GrantAdministrator { email: "nobody@example.com".to_owned() };
        assert_eq!(run(app, nobody).await.unwrap_err().to_string(), "no account has this address");
    });
}

#[test]
fn a_rotation_of_the_keys_fails_no_token() {
    test(async |app| {
        let before = app.register_as(ADA).await;
        let [current, next] = published(app).await.try_into().unwrap();
        assert_eq!(kid(&before), current);

        run(app, Command::RotateKeys).await.unwrap();
        let meanwhile = app.log_in(ADA).await;
        assert_eq!(kid(&meanwhile), current, "a warm function signs with what it has read");
        assert_eq!(app.get_as(token(&meanwhile), ME).await.status, 200);
        app.advance(JWKS_CACHE);
        let keys = published(app).await;
        assert_eq!((keys.len(), &keys[0], &keys[1]), (3, &next, &current), "current, previous, next");

        app.advance(SECRETS_CACHE);
        let after = app.log_in(ADA).await;
        assert_eq!(kid(&after), next);
        for reply in [&before, &meanwhile, &after] {
            assert_eq!(app.get_as(token(reply), ME).await.status, 200);
        }

        let refused = run(app, Command::RotateKeys).await.unwrap_err().to_string();
        assert!(refused.starts_with("the keys were not rotated"), "{refused}");
        assert_eq!(published(app).await, keys, "a refused rotation changes nothing");
        app.advance(ROTATION_PAUSE);
        run(app, Command::RotateKeys).await.unwrap();
        app.advance(SECRETS_CACHE);
        assert_eq!(kid(&app.log_in(ADA).await), keys[2]);
    });
}

#[test]
fn seeding_users_twice_creates_each_once() {
    test(async |app| {
        let command = |from, count| Command::SeedUsers { from, count };
        let fresh = Tally { made: 12, ..Tally::default() };
        assert_eq!(tally(app, command(0, 12)).await, fresh);
        let more = Tally { made: 3, present: 12, ..Tally::default() };
        assert_eq!(tally(app, command(0, 15)).await, more);

        let root = app.administrator("root-marker@example.com").await;
        let list = app.get_as(token(&root), "/api/v1/users?role=USER&limit=100").await.json();
        let people = list["data"].as_array().unwrap();
        assert_eq!(people.len(), 15);
        let email = people.iter().find(|person| person["status"] == "active").unwrap()["email"].clone();
        let login =
            app.post("/api/v1/auth/login", json!({ "email": email, "password": seed::PASSWORD })).await;
        assert_eq!(login.status, 200);
    });
}

#[tokio::test]
async fn seeding_a_shop_twice_creates_everything_once() {
    let platform = Client::own(Platform::start(Options::memory().unwrap()).await.unwrap());
    let made = |made| Tally { made, ..Tally::default() };
    let present = |present| Tally { present, ..Tally::default() };
    // The state after an interrupted run.
    let first = Demo::of(20).fill(&platform, || ()).await.unwrap();
    let categories = first.categories.made;
    let wanted = Filled {
        categories: made(categories),
        products: made(20),
        orders: made(3),
        organizations: made(12),
        events: made(20),
    };
    assert_eq!(first, wanted);

    let demo = Demo::of(30);
    let again = demo.fill(&platform, || ()).await.unwrap();
    assert_eq!(again.products, Tally { made: 10, present: 20, ..Tally::default() });
    assert_eq!(again.categories, present(categories), "each category had a product among the first");
    // The first teapot is sold out.
    assert_eq!(again.orders, Tally { made: 2, present: 3, ..Tally::default() });
    assert_eq!(again.organizations, present(12));
    assert_eq!(again.events, Tally { made: 10, present: 20, ..Tally::default() });
    assert_eq!(demo.things(), categories + 30 + 6 + 12 + 30);

    let get = async |path: &str| {
        let reply = platform.request(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        serde_json::from_slice::<Value>(reply.body()).unwrap()
    };
    let list = get("/api/v1/products?limit=100").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 29, "one of thirty is a draft");
    let path = "kitchen/tea-and-coffee/teapots/porcelain-teapots/classic";
    let classic = get(&format!("/api/v1/categories/by-path?path={path}")).await;
    assert_eq!(classic["level"], 4);
    let tree = get("/api/v1/categories?limit=100").await;
    assert_eq!(tree["data"].as_array().unwrap().len(), categories);
    platform.close().await;
}

#[tokio::test]
async fn a_seeded_shop_has_sold_for_a_year() {
    let platform = Client::own(Platform::start(Options::memory().unwrap()).await.unwrap());
    let of = |made, present| Tally { made, present, ..Tally::default() };
    let demo = Demo::of(100);
    let first = demo.fill(&platform, || ()).await.unwrap().orders;
    assert!((18..=20).contains(&first.made), "{first:?}: little is sold out");

    let login = Request::post("/api/v1/auth/login").header("content-type", "application/json");
    let login = login.body(Body::from(
        json!({ "email": seed::people::SHOPKEEPER, "password": seed::PASSWORD }).to_string(),
    ));
    let login = platform.request(login.unwrap()).await.unwrap();
    let login: Value = serde_json::from_slice(login.body()).unwrap();
    let get = async |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {}", token(&login)));
        let reply = platform.request(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        serde_json::from_slice::<Value>(reply.body()).unwrap()
    };
    let list = get("/api/v1/orders?limit=100&sort=created_at").await;
    let orders = list["data"].as_array().unwrap();
    assert_eq!(orders.len(), first.made);
    let months: BTreeSet<&str> =
        orders.iter().map(|order| &order["created_at"].as_str().unwrap()[..7]).collect();
    assert!(months.len() >= 10, "{months:?}");
    let statuses: BTreeSet<&str> = orders.iter().map(|order| order["status"].as_str().unwrap()).collect();
    let all = ["cancelled", "completed", "confirmed", "expired", "fulfilled", "refunded", "reserved"];
    assert_eq!(statuses, BTreeSet::from(all));

    let sold: BTreeSet<bool> = orders.iter().map(|order| order["seller"] == "platform").collect();
    assert_eq!(sold, BTreeSet::from([false, true]), "organisations sell, too");

    for order in orders {
        let order = get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap())).await;
        let moments = order["history"].as_array().unwrap().iter().map(|step| &step["at"]);
        let moments: Vec<&str> =
            [&order["created_at"]].into_iter().chain(moments).map(|at| at.as_str().unwrap()).collect();
        assert!(moments.is_sorted(), "{order}");
    }
    let reconciled = platform.operate(&Command::ReconcileStock).await.unwrap();
    assert!(matches!(reconciled, Outcome::Reconciled(report) if report.busy.is_empty()));
    assert_eq!(demo.fill(&platform, || ()).await.unwrap().orders, of(0, first.made));
    platform.close().await;
}

fn rows(name: &str, text: &str) -> Vec<import::Numbered> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    import::read(&path).unwrap()
}

fn right(rows: Vec<import::Numbered>) -> Command {
    let rows = rows.into_iter().map(|(line, row)| (line, row.unwrap())).collect();
    Command::ImportUsers { rows }
}

#[test]
fn imported_hashes_are_accepted_and_replaced_at_the_first_login() {
    test(async |app| {
        // Cheap hashes, as for tests: bcrypt of four rounds, argon2i of 64 KiB.
        let bcrypt = bcrypt::hash(PASSWORD, 4).unwrap();
        let argon2 = "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$".to_owned() + &argon2i();
        let file = format!(
            "email,password_hash,name,role,locale\n\
             bcrypt-marker@example.com,{bcrypt},Grace Marker-Lovelace,USER,ru\n\
             argon-marker@example.com,\"{argon2}\",,ADMIN,\n"
        );
        let made = tally(app, right(rows("users.csv", &file))).await;
        assert_eq!(made, Tally { made: 2, ..Tally::default() });
        assert!(app.mails_to("bcrypt-marker@example.com").await.is_empty(), "confirmed by the old system");

        for (email, role) in [("bcrypt-marker@example.com", "USER"), ("argon-marker@example.com", "ADMIN")] {
            let user = app.log_in(email).await;
            assert_eq!(hashes_of_last_request(app), 2, "verified, and hashed as new ones are");
            assert_eq!(app.get_as(token(&user), ME).await.json()["role"], role);
            app.log_in(email).await;
            assert_eq!(hashes_of_last_request(app), 1, "verified");
        }
        let again = tally(app, right(rows("users.csv", &file))).await;
        assert_eq!(again, Tally { present: 2, ..Tally::default() });
    });
}

#[test]
fn a_password_that_bcrypt_has_cut_is_not_replaced_by_what_was_typed() {
    test(async |app| {
        let owners = "canary horse battery staple, ".repeat(3);
        let bcrypt = bcrypt::hash(&owners, 4).unwrap();
        let file = format!("email,password_hash\nbcrypt-marker@example.com,{bcrypt}\n");
        assert_eq!(tally(app, right(rows("users.csv", &file))).await.made, 1);
        let log_in = async |password: &str| {
            let body = json!({ "email": "bcrypt-marker@example.com", "password": password });
            let status = app.post("/api/v1/auth/login", body).await.status;
            (status, hashes_of_last_request(app))
        };
        // The imported hash is of the first 72 bytes, as it was in the former system.
        let typed = format!("{} and anything", &owners[..72]);
        for password in [&*typed, &owners[..72], &*owners] {
            assert_eq!(log_in(password).await, (200, 1), "verified, and not hashed: {password}");
        }
        assert_eq!(log_in(&owners[..71]).await.0, 401);
        // A password of the owner's choice is verified to its end.
        let tokens = app
            .post("/api/v1/auth/login", json!({ "email": "bcrypt-marker@example.com", "password": owners }));
        let change = json!({ "current_password": owners, "new_password": typed });
        let tokens = tokens.await.json();
        let change = app.post_as(token(&tokens), "/api/v1/auth/password-change", change).await;
        assert_eq!(change.status, 204);
        assert_eq!((log_in(&owners).await.0, log_in(&typed).await.0), (401, 200));
    });
}

/// Hash of `PASSWORD` with the salt of the test above, in base 64.
fn argon2i() -> String {
    use argon2::{Algorithm, Argon2, Params, Version};
    let argon2 = Argon2::new(Algorithm::Argon2i, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let mut hash = [0; 32];
    argon2.hash_password_into(PASSWORD.as_bytes(), b"somesaltsomesalt", &mut hash).unwrap();
    base64::prelude::BASE64_STANDARD_NO_PAD.encode(hash)
}

fn hashes_of_last_request(app: &App) -> u32 {
    app.lines.of("auth-api").last().unwrap().hashes
}

#[test]
fn an_invalid_row_does_not_stop_the_others() {
    test(async |app| {
        let file = "{\"email\": \"ada-marker@example.com\"}\n\
                    {\"email\": \"no address\"}\n\
                    \n\
                    {\"email\": \"eve@example.com\", \"password_hash\": \"md5:0\"}\n\
                    {\"email\": \"dear@example.com\", \"password_hash\": \"$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng\"}\n\
                    {\"email\": \"x@example.com\", \"password\": \"hunter2\"}\n\
                    {\"email\": 7}\n\
                    nonsense\n";
        let (rows, wrong): (Vec<_>, Vec<_>) =
            rows("users.jsonl", file).into_iter().partition(|(_, row)| row.is_ok());
        let wrong: Vec<_> = wrong.into_iter().map(|(line, row)| (line, row.unwrap_err())).collect();
        assert_eq!(wrong.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7, 8]);
        assert!(wrong[0].1.starts_with("unknown field `password`"), "{wrong:?}");
        assert!(!wrong.iter().any(|(_, reason)| reason.contains("hunter2")), "{wrong:?}");

        let tally = tally(app, right(rows)).await;
        assert_eq!((tally.made, tally.present), (1, 0));
        assert_eq!(tally.refused.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 5]);
        // Without a hash, the user is asked by mail to choose a password.
        assert_eq!(app.mails_to(ADA).await.len(), 1);
    });
}

#[test]
fn flags_are_read_as_databases_and_spreadsheets_write_them() {
    let rows_of = |name: &str, text: &str| {
        let right = |(line, row): import::Numbered| (line, row.map(|row| serde_json::to_value(row).unwrap()));
        let rows = rows(name, text).into_iter().map(right);
        rows.map(|(line, row)| (line, row.map(|row| row["email_verified"].clone()))).collect::<Vec<_>>()
    };
    let words = ["TRUE", "t", "Yes", "1", "false", "F", "no", "0", ""];
    let rows: Vec<String> = words.iter().map(|word| format!("a@example.com;{word}\r\n;\r\n")).collect();
    let table = rows.concat();
    let read = rows_of("users.csv", &format!("\u{feff}Email;Email_Verified\r\n{table}"));
    let read: Vec<_> = read.into_iter().map(|(line, flag)| (line, flag.unwrap())).collect();
    let (yes, no) = (serde_json::Value::Bool(true), serde_json::Value::Bool(false));
    let flags = [&yes, &yes, &yes, &yes, &no, &no, &no, &no, &serde_json::Value::Null];
    let expected: Vec<_> =
        flags.into_iter().enumerate().map(|(at, flag)| (2 + 2 * at, flag.clone())).collect();
    assert_eq!(read, expected);
    let lines = "\u{feff}{\"email\":\"a@example.com\",\"email_verified\":\"t\"}\r\n\r\n{\"email\":\"b@example.com\",\"email_verified\":0}\r\n{\"email\":\"c@example.com\",\"email_verified\":\"perhaps\"}\n";
    let read = rows_of("users.jsonl", lines);
    assert_eq!((&read[0], &read[1]), (&(1, Ok(yes)), &(3, Ok(no))));
    assert!(read[2].0 == 4 && read[2].1.is_err());
}

#[test]
fn roles_and_states_of_accounts_are_read_in_any_case() {
    let text =
        "email,role,status\na@example.com,admin,Blocked\nb@example.com,User,ACTIVE\nc@example.com,root,\n";
    let read = rows("users.csv", text);
    let read: Vec<_> =
        read.into_iter().map(|(_, row)| row.map(|row| serde_json::to_value(row).unwrap())).collect();
    let words = |at: usize| read[at].as_ref().map(|row| (row["role"].clone(), row["status"].clone()));
    assert_eq!(words(0), Ok(("ADMIN".into(), "blocked".into())));
    assert_eq!(words(1), Ok(("USER".into(), "active".into())));
    assert!(words(2).is_err());
    let twice = rows("users.jsonl", "{\"email\":\"a@example.com\",\"email\":\"b@example.com\"}\n");
    assert_eq!(twice[0].1.as_ref().err().map(String::as_str), Some("duplicate field `email`"));
}

#[test]
fn a_heading_of_accounts_that_is_none_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.csv");
    for heading in ["mail,name", "email,name,Name"] {
        std::fs::write(&path, format!("{heading}\na@example.com,Ada,B\n")).unwrap();
        assert!(import::read(&path).is_err(), "{heading}");
    }
}

#[test]
fn response_time_does_not_reveal_imported_hashes() {
    test(async |app| {
        let hash = |cost| bcrypt::hash_with_salt("a pear in the window", cost, [7; 16]).unwrap().to_string();
        let hashes = [hash(11), hash(4)];
        let began = std::time::Instant::now();
        drop(hash(11));
        let dearest = began.elapsed();
        let text = format!(
            "email,password_hash\nimported-marker@example.com,{}\ncheap-marker@example.com,{}\n",
            hashes[0], hashes[1]
        );
        tally(app, right(rows("users.csv", &text))).await;
        // The instance reads the imported schemes with its keys.
        app.advance(SECRETS_CACHE);
        let log_in = async |email: &str, password: &str| {
            let began = std::time::Instant::now();
            let body = json!({ "email": email, "password": password });
            let status = app.post("/api/v1/auth/login", body).await.status;
            (status, began.elapsed())
        };
        log_in("nobody-marker@example.com", "wrong").await;
        let people = ["imported-marker@example.com", "cheap-marker@example.com", "nobody-marker@example.com"];
        for email in people {
            let (status, took) = log_in(email, "wrong").await;
            assert_eq!(status, 401);
            assert!(took > dearest, "{email}: {took:?}, and the dearest hash takes {dearest:?}");
        }
        assert_eq!(log_in(people[0], "a pear in the window").await.0, 200);
    });
}
