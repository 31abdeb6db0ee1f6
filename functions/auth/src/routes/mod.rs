//! The group's endpoints, one a file.

mod change_password;
mod confirm_email;
mod confirm_password_reset;
mod get_health;
mod get_jwks;
mod get_me;
mod list_sessions;
mod login;
mod logout;
mod reauthenticate;
mod refresh;
mod register;
mod request_email_verification;
mod request_password_reset;
mod revoke_session;
mod verify_token;

use crate::state::Auth;

shared::endpoints! {
    group auth with state Auth;
    /// Registration, sign-in, sessions, passwords and email addresses. An access token is
    /// valid for ten minutes. The refresh token belongs to the session and is replaced at
    /// each use.
    ///
    /// 1. `POST /api/v1/auth/register` creates the account, signs it in and mails a link
    ///    that confirms the email address.
    /// 2. `GET /api/v1/auth/me` with the access token returns the caller.
    /// 3. `POST /api/v1/auth/refresh` replaces both tokens before the access token expires.
    tag auth;
    register, login, refresh, reauthenticate, logout, verify_token, request_password_reset,
    confirm_password_reset, change_password, request_email_verification, confirm_email, get_me,
    list_sessions, revoke_session, get_jwks, get_health;
}
