//! The group's endpoints, one a file.

use crate::state::Auth;

shared::endpoints! {
    /// Accounts: registration, sign-in, sessions, passwords, addresses.
    group auth with state Auth;
    register, login, refresh, reauthenticate, logout, verify_token, request_password_reset,
    confirm_password_reset, change_password, request_email_verification, confirm_email, get_me,
    list_sessions, revoke_session, get_jwks, get_health;
}
