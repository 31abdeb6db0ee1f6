//! The group's endpoints, one a file.

use crate::state::Auth;

shared::endpoints! {
    /// Accounts: registration, sign-in, sessions.
    group auth with state Auth;
    register, confirm_email, get_me, get_jwks, get_health;
    alias Get "/api/v1/users/me" => get_me;
}
