//! The problems of this group.

use shared::http::problem::Named;

/// An expired or used password reset link.
pub(crate) const RESET_TOKEN_INVALID: Named =
    Named::new(400, "reset_token_invalid", "The link has expired or has been used: request another.");
/// An expired confirmation link, or one of another address.
pub(crate) const VERIFICATION_TOKEN_INVALID: Named =
    Named::new(400, "verification_token_invalid", "The link has expired, or was not sent to this address.");
/// One code for an unknown address and a wrong password.
pub(crate) const INVALID_CREDENTIALS: Named =
    Named::new(401, "invalid_credentials", "The email address or the password is wrong.");
/// A refresh token that is malformed, unknown or expired.
pub(crate) const INVALID_REFRESH_TOKEN: Named =
    Named::new(401, "invalid_refresh_token", "The refresh token is not valid: sign in again.");
/// A refresh token that was used before: its session has ended.
pub(crate) const REFRESH_TOKEN_REUSED: Named =
    Named::new(401, "refresh_token_reused", "The refresh token was used before: the session has ended.");
/// A right password of a blocked account.
pub(crate) const ACCOUNT_BLOCKED: Named = Named::new(403, "account_blocked", "This account is blocked.");
/// A wrong password of a signed-in caller.
pub(crate) const WRONG_PASSWORD: Named = Named::new(403, "wrong_password", "The password is wrong.");
/// A concurrent change.
pub(crate) const ACCOUNT_CHANGED: Named =
    Named::new(409, "account_changed", "The account was changed by another request: try again.");
