//! `/api/v1/organizations` and `/api/v1/invitations`

mod access;
mod answers;
mod endings;
mod invitations;
mod mailed;
mod members;
mod moderation;
pub mod overtaken;
mod profiles;
mod races;
mod slugs;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, client::Reply, test_of, with_cheap_passwords};

/// A person with an account.
pub struct Person {
    pub id: String,
    pub email: String,
    pub token: String,
}

/// Runs a test with many accounts.
pub fn test(scenario: impl AsyncFnOnce(&App)) {
    test_of(with_cheap_passwords, scenario);
}

/// A person with a verified address.
pub async fn person(app: &App, name: &str) -> Person {
    let email = format!("{name}-marker@example.com");
    let _ = app.register_as(&email).await;
    app.confirm_email(&email).await;
    signed_in(&app.log_in(&email).await)
}

/// A person whose address is not verified.
pub async fn stranger(app: &App, name: &str) -> Person {
    signed_in(&app.register_as(&format!("{name}-marker@example.com")).await)
}

/// An administrator of the platform.
pub async fn administrator(app: &App) -> Person {
    signed_in(&app.administrator("root-marker@example.com").await)
}

fn signed_in(tokens: &Value) -> Person {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Person {
        id: text(&tokens["user"]["id"]),
        email: text(&tokens["user"]["email"]),
        token: text(&tokens["access_token"]),
    }
}

/// Sends a request of a person.
pub async fn ask(app: &App, person: &Person, method: Method, path: &str, body: Value) -> Reply {
    let call = app.request(method, &format!("/api/v1/{path}")).token(&person.token);
    if body.is_null() { call.send().await } else { call.json(&body).send().await }
}

pub async fn post(app: &App, person: &Person, path: &str, body: Value) -> Reply {
    ask(app, person, Method::POST, path, body).await
}

pub async fn get(app: &App, person: &Person, path: &str) -> Reply {
    ask(app, person, Method::GET, path, Value::Null).await
}

pub async fn patch(app: &App, person: &Person, path: &str, body: Value) -> Reply {
    ask(app, person, Method::PATCH, path, body).await
}

pub async fn delete(app: &App, person: &Person, path: &str) -> Reply {
    ask(app, person, Method::DELETE, path, Value::Null).await
}

/// Status and code of a problem.
pub fn refused(reply: &Reply) -> (u16, &'static str) {
    let (status, code) = reply.problem();
    (status, code.leak())
}

/// Creates an organisation; returns its id.
pub async fn organization(app: &App, owner: &Person, name: &str) -> String {
    let reply = post(app, owner, "organizations", json!({ "name": name })).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Invites a person; returns the id of the invitation.
pub async fn invite(app: &App, inviter: &Person, organization: &str, person: &Person, role: &str) -> String {
    let body = json!({ "email": person.email, "role": role });
    let reply = post(app, inviter, &format!("organizations/{organization}/invitations"), body).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Accepts an invitation.
pub async fn accept(app: &App, person: &Person, invitation: &str) -> Reply {
    post(app, person, &format!("invitations/{invitation}/accept"), json!({})).await
}

/// Makes a person a member with a role.
pub async fn join(app: &App, inviter: &Person, organization: &str, person: &Person, role: &str) {
    let invitation = invite(app, inviter, organization, person, role).await;
    let reply = accept(app, person, &invitation).await;
    assert_eq!(reply.status, 200, "{}", reply.json());
}

/// The path of a member.
pub fn member(organization: &str, person: &Person) -> String {
    format!("organizations/{organization}/members/{}", person.id)
}

/// Role of a member, as the counters' owner sees it; empty for nobody.
pub async fn role(app: &App, reader: &Person, organization: &str, person: &Person) -> String {
    let reply = get(app, reader, &member(organization, person)).await;
    if reply.status == 200 { reply.json()["role"].as_str().unwrap().to_owned() } else { String::new() }
}

/// Owners and members: as counted, and as items.
pub async fn numbers(app: &App, organization: &str) -> [(usize, usize); 2] {
    let items = app.query(&format!("MEMBER#{organization}")).await;
    let members = items.iter().filter(|item| item["type"].as_s().is_ok_and(|kind| kind == "member"));
    let owner = |card: &std::collections::HashMap<String, _>| {
        let role: &aws_sdk_dynamodb::types::AttributeValue = &card["role"];
        role.as_s().is_ok_and(|role| role == "owner")
    };
    let owners = members.clone().filter(|item| item["card"].as_m().is_ok_and(owner)).count();
    let counters = app.item(&format!("MEMBER#{organization}"), "COUNTERS").await.expect("counters");
    let number = |name: &str| counters[name].as_n().unwrap().parse().unwrap();
    [(number("owners"), number("members")), (owners, members.count())]
}
