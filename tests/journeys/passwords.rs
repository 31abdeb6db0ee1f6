//! Journey: reset a forgotten password.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::target::{PASSWORD, journey};

const OTHER: &str = "wandering albatross over warm water";

#[test]
fn a_forgotten_password_is_replaced_by_the_mails_link() {
    journey(async |agora| {
        let (address, old) = agora.register("di").await;
        let ask = json!({ "email": address });
        let (status, _) = agora.post("/api/v1/auth/password-reset-request", None, &ask).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        let token = agora.mailed_token(&address, "Reset your password").await;
        let choose = json!({ "token": token, "new_password": OTHER });
        let confirm = async || agora.post("/api/v1/auth/password-reset-confirm", None, &choose).await;
        assert_eq!(confirm().await.0, StatusCode::NO_CONTENT);

        agora.wait_until_refused(old["access_token"].as_str().unwrap()).await;
        let login = async |password: &str| {
            agora.post("/api/v1/auth/login", None, &json!({ "email": address, "password": password })).await
        };
        assert_eq!(login(PASSWORD).await.0, StatusCode::UNAUTHORIZED);
        let (status, tokens) = login(OTHER).await;
        assert_eq!((status, &tokens["user"]["email_verified"]), (StatusCode::OK, &Value::Bool(true)));
        let (status, problem) = confirm().await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("reset_token_invalid")));
        agora.mail_to(&address, "Your password has been changed").await;
    });
}
