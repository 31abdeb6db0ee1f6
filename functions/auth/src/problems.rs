//! The problems of this group.

use shared::http::problem::Named;

/// An expired or used password reset link.
pub(crate) const RESET_TOKEN_INVALID: Named =
    Named::new(400, "reset_token_invalid", "The link has expired or has been used: request another.")
        .explained(
            "The link of the mail has expired, was used, or a later request replaced it.",
            "Request another mail with `POST /api/v1/auth/password-reset-request`.",
        );
/// An expired confirmation link, or one of another address.
pub(crate) const VERIFICATION_TOKEN_INVALID: Named =
    Named::new(400, "verification_token_invalid", "The link has expired, or was not sent to this address.")
        .explained(
            "The link of the mail has expired, or the account's address has changed since.",
            "Request another mail with `POST /api/v1/auth/email-verification-request`.",
        );
/// One code for an unknown address and a wrong password.
pub(crate) const INVALID_CREDENTIALS: Named =
    Named::new(401, "invalid_credentials", "The email address or the password is wrong.").explained(
    "No account has this address, or the password is wrong. The reply does not disclose which of the two, because it would reveal the addresses that have an account.",
    "Check both, or reset the password.",
);
/// A refresh token that is malformed, unknown or expired.
pub(crate) const INVALID_REFRESH_TOKEN: Named =
    Named::new(401, "invalid_refresh_token", "The refresh token is not valid: sign in again.").explained(
        "The refresh token is malformed, unknown or expired, or its session has ended.",
        "Sign in again.",
    );
/// A refresh token that was used before: its session has ended.
pub(crate) const REFRESH_TOKEN_REUSED: Named = Named::new(
    401,
    "refresh_token_reused",
    "The refresh token was used before: the session has ended.",
).explained(
    "The refresh token was replaced some time ago. A copy of it may be in other hands, so the session has ended.",
    "Sign in again. Store each new refresh token before you use it, and refresh from one place.",
);
/// A right password of a blocked account.
pub(crate) const ACCOUNT_BLOCKED: Named = Named::new(403, "account_blocked", "This account is blocked.")
    .explained(
        "The password is right, and an administrator has blocked the account.",
        "Ask an administrator to set the account's status to `active`.",
    );
/// A wrong password of a signed-in caller.
pub(crate) const WRONG_PASSWORD: Named = Named::new(403, "wrong_password", "The password is wrong.")
    .explained(
        "The current password in the body is not the account's.",
        "Check the password, or reset it with `POST /api/v1/auth/password-reset-request`.",
    );
/// A concurrent change.
pub(crate) const ACCOUNT_CHANGED: Named =
    Named::new(409, "account_changed", "The account was changed by another request: try again.").explained(
        "Another request changed the account at the same time, in each of several attempts.",
        "Repeat the request.",
    );
