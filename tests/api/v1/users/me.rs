//! `GET /api/v1/users/me`

use crate::harness::test;

#[test]
fn the_alias_answers_as_the_canonical_path() {
    test(async |app| {
        let tokens = app.register().await;
        let token = tokens["access_token"].as_str().unwrap();
        let canonical = app.get_as(token, "/api/v1/auth/me").await;
        let alias = app.get_as(token, "/api/v1/users/me").await;
        let with_slash = app.get_as(token, "/api/v1/users/me/").await;
        assert_eq!(canonical.status, 200);
        assert_eq!((alias.status, alias.json()), (200, canonical.json()));
        assert_eq!((with_slash.status, with_slash.json()), (200, canonical.json()));
    });
}
