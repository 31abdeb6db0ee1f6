//! Journey: use two devices, and sign them out.

use futures::future::join;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::target::{PASSWORD, journey};

const SESSIONS: &str = "/api/v1/auth/sessions";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}: {value}"))
}

#[test]
fn two_tabs_refresh_at_once_and_both_go_on() {
    journey(async |agora| {
        let (_, tokens) = agora.register("bo").await;
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        let refresh = || agora.post("/api/v1/auth/refresh", None, &body);
        let ((one, first), (other, second)) = join(refresh(), refresh()).await;
        assert_eq!((one, other), (StatusCode::OK, StatusCode::OK), "{first} {second}");
        assert_eq!(first["refresh_token"], second["refresh_token"]);
        for tokens in [first, second] {
            let token = Some(text(&tokens, "access_token"));
            let (status, _) = agora.send(Method::GET, "/api/v1/auth/me", token, None).await;
            assert_eq!(status, StatusCode::OK);
        }
    });
}

#[test]
fn a_second_device_is_listed_and_signed_out() {
    journey(async |agora| {
        let (address, here) = agora.register("cy").await;
        let login = json!({ "email": address, "password": PASSWORD });
        let (status, there) = agora.post("/api/v1/auth/login", None, &login).await;
        assert_eq!(status, StatusCode::OK, "{there}");

        let token = Some(text(&here, "access_token"));
        let (_, list) = agora.send(Method::GET, SESSIONS, token, None).await;
        let sessions = list["data"].as_array().unwrap();
        let currents: Vec<&Value> = sessions.iter().map(|session| &session["current"]).collect();
        assert_eq!(currents, [&json!(false), &json!(true)], "the newest first");
        let path = format!("{SESSIONS}/{}", text(&sessions[0], "id"));
        let (status, _) = agora.send(Method::DELETE, &path, token, None).await;
        assert_eq!(status, StatusCode::NO_CONTENT);

        agora.wait_until_refused(text(&there, "access_token")).await;
        let body = json!({ "refresh_token": there["refresh_token"] });
        assert_eq!(agora.post("/api/v1/auth/refresh", None, &body).await.0, StatusCode::UNAUTHORIZED);
        let (_, list) = agora.send(Method::GET, SESSIONS, token, None).await;
        assert_eq!(list["data"].as_array().unwrap().len(), 1);

        let everywhere = json!({ "everywhere": true });
        let (status, _) = agora.post("/api/v1/auth/logout", token, &everywhere).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        agora.wait_until_refused(text(&here, "access_token")).await;
    });
}
