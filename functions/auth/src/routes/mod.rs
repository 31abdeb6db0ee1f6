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
    /// Accounts: registration, sign-in, sessions, passwords, email addresses.
    group auth with state Auth;
    register, login, refresh, reauthenticate, logout, verify_token, request_password_reset,
    confirm_password_reset, change_password, request_email_verification, confirm_email, get_me,
    list_sessions, revoke_session, get_jwks, get_health;
}
