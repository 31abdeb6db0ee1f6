//! The group's endpoints, one a file.

mod change_user;
mod create_user;
mod delete_user;
mod get_export;
mod get_health;
mod get_user;
mod list_users;
mod replace_user;
mod request_export;
mod update_user;

use crate::state::Users;

shared::endpoints! {
    group users with state Users;
    /// Profiles, preferences, roles and status of accounts. Owners see and change their own
    /// account at `/users/me`; administrators list and change all accounts.
    ///
    /// 1. `GET /api/v1/users/me` returns the account with its `ETag`.
    /// 2. `PATCH /api/v1/users/me` with that `ETag` in `If-Match` changes single fields.
    /// 3. `POST /api/v1/users/me/export` collects everything that is stored about the caller.
    tag users;
    create_user, list_users, get_user, replace_user, update_user, delete_user, request_export,
    get_export, get_health;
    also Get "/api/v1/users/me" as "Get the caller's account" => get_user;
    also Put "/api/v1/users/me" as "Replace the caller's account" => replace_user;
    also Patch "/api/v1/users/me" as "Update the caller's account" => update_user;
    also Delete "/api/v1/users/me" as "Delete the caller's account" => delete_user;
}
