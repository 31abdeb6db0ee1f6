//! `POST /api/v1/auth/email-verification-request`

use serde_json::json;

use super::ADA;
use crate::harness::test;

const PATH: &str = "/api/v1/auth/email-verification-request";

#[test]
fn a_new_mail_verifies_the_address_and_a_verified_one_gets_none() {
    test(async |app| {
        app.register().await;
        let first = app.mailed_token(ADA).await;
        app.advance(std::time::Duration::from_hours(1));
        assert_eq!(app.post(PATH, json!({ "email": ADA })).await.status, 202);
        assert_ne!(app.mailed_token(ADA).await, first);
        app.confirm_email(ADA).await;
        assert_eq!(app.post(PATH, json!({ "email": ADA })).await.status, 202);
        assert_eq!(app.mails_to(ADA).await.len(), 2);
        assert_eq!(app.post(PATH, json!({ "email": "nobody-marker@example.com" })).await.status, 202);
    });
}
