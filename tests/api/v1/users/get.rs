//! `GET /api/v1/users/{user_id}` and `/api/v1/users/me`

use super::{ADA, BO, ME, ROOT, path, token};
use crate::harness::test;

#[test]
fn an_account_is_shown_to_its_owner_under_three_paths() {
    test(async |app| {
        let tokens = app.register().await;
        let me = app.get_as(token(&tokens), ME).await;
        assert_eq!((me.status, me.header("etag")), (200, "\"1\""));
        assert_eq!(me.json(), tokens["user"]);
        assert_eq!(app.get_as(token(&tokens), &path(&tokens)).await.json(), tokens["user"]);
        assert_eq!(app.get_as(token(&tokens), "/api/v1/auth/me").await.json(), tokens["user"]);
        assert_eq!(app.get_as(token(&tokens), "/api/v1/users/me/").await.status, 200);
        let known = app.request(http::Method::GET, ME).token(token(&tokens)).header("if-none-match", "\"1\"");
        assert_eq!(known.send().await.status, 304);
    });
}

#[test]
fn another_account_is_shown_to_administrators_only() {
    test(async |app| {
        let (ada, bo) = (app.register_as(ADA).await, app.register_as(BO).await);
        let reply = app.get_as(token(&bo), &path(&ada)).await;
        assert_eq!(reply.problem(), (404, "not_found".to_owned()));
        let nobody = app.get_as(token(&bo), "/api/v1/users/user_01h455vb4pex5vsknk084sn02q").await;
        assert_eq!(nobody.problem(), (404, "not_found".to_owned()));
        let root = app.administrator(ROOT).await;
        assert_eq!(app.get_as(token(&root), &path(&ada)).await.json(), ada["user"]);
        assert_eq!(app.get(ME).await.problem(), (401, "authentication_required".to_owned()));
    });
}
