//! The problems that are of no single group.

use super::Named;

/// Declares the problems, and the list of them.
macro_rules! common {
    ($($(#[$meta:meta])* $name:ident = $named:expr;)+) => {
        $($(#[$meta])* pub const $name: Named = $named;)+

        /// All of them: the page of problems has those too that no operation documents.
        pub const COMMON: &[Named] = &[$($name),+];
    };
}

common! {
    /// See [`Paging`](crate::http::Paging).
    INVALID_CURSOR = Named::new(400, "invalid_cursor", "The cursor does not belong to this list.").explained(
        "The `cursor` was not issued by this list, or the caller or a filter differs from the request that issued it.",
        "Repeat the filters of the first page with each cursor, or start again without a cursor.",
    );
    /// See [`IdempotencyKey`](crate::http::IdempotencyKey).
    INVALID_IDEMPOTENCY_KEY = Named::new(
        400,
        "invalid_idempotency_key",
        "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
    ).explained(
        "The `Idempotency-Key` header is empty, longer than 255 characters, or has characters outside visible ASCII.",
        "Send a UUID as the key.",
    );
    /// See [`RequiredIdempotencyKey`](crate::http::RequiredIdempotencyKey).
    IDEMPOTENCY_KEY_REQUIRED = Named::new(400, "idempotency_key_required", "This request requires an Idempotency-Key.").explained(
        "The request moves money or stock, and has no `Idempotency-Key` header.",
        "Send a new UUID for each new operation, and the same one when you repeat it.",
    );
    /// See [`Query`](crate::http::Query).
    INVALID_PARAMETER = Named::new(400, "invalid_parameter", "A query parameter is not valid.").explained(
        "A query parameter has a value of the wrong type or outside its limits. `detail` names it.",
        "Correct the value. The operation's documentation has the type and the limits.",
    );
    /// See [`Query`](crate::http::Query).
    UNKNOWN_PARAMETER = Named::new(400, "unknown_parameter", "The query has an unknown parameter.").explained(
        "The query has a parameter that the operation does not define. Agora ignores none, so that a misspelt filter does not return everything.",
        "Remove the parameter or correct its name.",
    );
    /// Filters of which each is known, but no index serves them together.
    UNSUPPORTED_FILTER_COMBINATION = Named::new(400, "unsupported_filter_combination", "These filters cannot be combined.").explained(
        "Each filter is known, but no index serves them together.",
        "Use fewer filters, and select among the results yourself.",
    );
    /// See [`Json`](crate::http::Json).
    MALFORMED_JSON = Named::new(400, "malformed_json", "The body is not a JSON object.").explained(
        "The body is not JSON, is not an object, or names a member twice.",
        "Send one JSON object. `detail` says where parsing stopped.",
    );
    /// A protected operation without a token.
    AUTHENTICATION_REQUIRED = Named::new(401, "authentication_required", "This request requires an access token.").explained(
        "The operation needs an access token and the request has no `Authorization` header.",
        "Sign in with `POST /api/v1/auth/login` and send `Authorization: Bearer <access_token>`.",
    );
    /// A token that is malformed, expired, revoked or not ours.
    INVALID_TOKEN = Named::new(401, "invalid_token", "The access token is not valid.").explained(
        "The access token is malformed, expired or revoked, or another platform issued it.",
        "Get a new one with `POST /api/v1/auth/refresh`. Sign in again if the refresh token is refused too.",
    );
    /// A valid token whose last password check is older than [`RECENT`](super::RECENT)
    /// (RFC 9470).
    INSUFFICIENT_USER_AUTHENTICATION = Named::new(
        401,
        "insufficient_user_authentication",
        "This request requires authentication within the last five minutes.",
    ).explained(
        "The token is valid, but its password check is more than five minutes old (RFC 9470).",
        "Call `POST /api/v1/auth/reauthenticate` and repeat the request with the access token that it returns.",
    );
    /// A caller without the permission.
    FORBIDDEN = Named::new(403, "forbidden", "The caller does not have the required permission.").explained(
        "The account is signed in, and its role does not have the permission that the operation needs.",
        "Use an account with the permission. An administrator can change the role of an account.",
    );
    /// No such path, or nothing that the caller may know of.
    NOT_FOUND = Named::new(404, "not_found", "The resource was not found.").explained(
        "No route has this path, the resource does not exist, or the caller may not know that it exists.",
        "Check the path and the id, and that the token belongs to the owner of the resource.",
    );
    /// A known path.
    METHOD_NOT_ALLOWED = Named::new(405, "method_not_allowed", "This path does not support this method.").explained(
        "The path exists and does not support the method.",
        "Use one of the methods that the `Allow` header lists.",
    );
    /// See [`IfMatch`](crate::http::IfMatch).
    STALE_VERSION = Named::new(412, "stale_version", "The resource version does not meet the precondition.").explained(
        "The resource has changed since the version in `If-Match`, or `If-None-Match` excludes the present version. Nothing was changed.",
        "Get the resource again, apply the change to its present state, and send its new `ETag` in `If-Match`.",
    );
    /// A body beyond the route's limit.
    BODY_TOO_LARGE = Named::new(413, "body_too_large", "The body is larger than this operation accepts.").explained(
        "The body exceeds the operation's limit: 256 KB, unless the operation states another.",
        "Send less in one request. Import products in several files.",
    );
    /// A body of another media type.
    UNSUPPORTED_MEDIA_TYPE = Named::new(
        415,
        "unsupported_media_type",
        "The body has an unsupported media type or encoding.",
    ).explained(
        "The operation does not read this `Content-Type`, or the body has a `Content-Encoding`.",
        "Send `Content-Type: application/json`, or a type that the operation lists, without compression.",
    );
    /// See [`Faults`](crate::http::Faults).
    INVALID_FIELDS = Named::new(422, "invalid_fields", "One or more fields are not valid.").explained(
        "Fields of the body are missing, unknown, of the wrong type or outside their limits.",
        "Correct each field in `errors`: it has every fault at once, each with the JSON pointer of its field.",
    );
    /// See [`IdempotencyKey`](crate::http::IdempotencyKey).
    IDEMPOTENCY_KEY_REUSED = Named::new(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.").explained(
        "The key belongs to an earlier request with another body.",
        "Use a new key for a new operation. To repeat a request, send the same body.",
    );
    /// See [`Limited`](crate::http::Limited).
    TOO_MANY_ATTEMPTS = Named::new(429, "too_many_attempts", "Too many attempts: retry later.").explained(
        "A limit of attempts is used up: logins, registrations, mails or exports of an account, an address or a network.",
        "Wait for as many seconds as `Retry-After` says.",
    );
    /// See [`TrustedProxy`](crate::http::TrustedProxy). In no document: whoever calls the
    /// public address is not answered so.
    DIRECT_ACCESS = Named::new(403, "direct_access", "This address accepts requests from the proxy only: use the public address.").explained(
        "The request reached the API's own address, and the platform accepts requests of its proxy only.",
        "Send the request to the public address.",
    );
    /// A bug, or an item that cannot be read.
    INTERNAL_ERROR = Named::new(500, "internal_error", "An internal error occurred.").explained(
        "A fault of the platform. The log has its cause under the `request_id`.",
        "Repeat the request once. If it fails again, report the `request_id` to the operator.",
    );
    /// The table or AWS does not answer in time.
    UNAVAILABLE = Named::new(503, "unavailable", "The service is temporarily unavailable.").explained(
        "The database or another service did not answer in time, or the request came during a deployment.",
        "Repeat the request after `Retry-After` seconds, with the same `Idempotency-Key` if it has one.",
    );
}
