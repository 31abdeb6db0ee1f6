//! The problems that are of no single group.

use super::Named;

/// See [`Paging`](crate::http::Paging).
pub const INVALID_CURSOR: Named =
    Named::new(400, "invalid_cursor", "The cursor does not belong to this list.");
/// See [`IdempotencyKey`](crate::http::IdempotencyKey).
pub const INVALID_IDEMPOTENCY_KEY: Named = Named::new(
    400,
    "invalid_idempotency_key",
    "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
);
/// See [`RequiredIdempotencyKey`](crate::http::RequiredIdempotencyKey).
pub const IDEMPOTENCY_KEY_REQUIRED: Named =
    Named::new(400, "idempotency_key_required", "This request needs an Idempotency-Key.");
/// See [`Query`](crate::http::Query).
pub const INVALID_PARAMETER: Named = Named::new(400, "invalid_parameter", "A query parameter is not valid.");
/// See [`Query`](crate::http::Query).
pub const UNKNOWN_PARAMETER: Named =
    Named::new(400, "unknown_parameter", "The query has a parameter that this operation does not know.");
/// Filters of which each is known, but no index serves them together.
pub const UNSUPPORTED_FILTER_COMBINATION: Named =
    Named::new(400, "unsupported_filter_combination", "These filters cannot be combined.");
/// See [`Json`](crate::http::Json).
pub const MALFORMED_JSON: Named = Named::new(400, "malformed_json", "The body is not a JSON object.");
/// A protected operation without a token.
pub const AUTHENTICATION_REQUIRED: Named =
    Named::new(401, "authentication_required", "This request needs an access token.");
/// A token that is malformed, expired, revoked or not ours.
pub const INVALID_TOKEN: Named = Named::new(401, "invalid_token", "The access token is not valid.");
/// A valid token whose last password check is older than [`RECENT`](super::RECENT)
/// (RFC 9470).
pub const INSUFFICIENT_USER_AUTHENTICATION: Named = Named::new(
    401,
    "insufficient_user_authentication",
    "This request needs a password check within the last five minutes.",
);
/// A caller without the permission.
pub const FORBIDDEN: Named = Named::new(403, "forbidden", "This account does not have the permission.");
/// No such path, or nothing that the caller may know of.
pub const NOT_FOUND: Named = Named::new(404, "not_found", "There is nothing here.");
/// A known path.
pub const METHOD_NOT_ALLOWED: Named =
    Named::new(405, "method_not_allowed", "This path does not support this method.");
/// See [`IfMatch`](crate::http::IfMatch).
pub const STALE_VERSION: Named =
    Named::new(412, "stale_version", "The resource is not at the version that the request names.");
/// A body beyond the route's limit.
pub const BODY_TOO_LARGE: Named =
    Named::new(413, "body_too_large", "The body is larger than this operation accepts.");
/// A body of another media type.
pub const UNSUPPORTED_MEDIA_TYPE: Named = Named::new(
    415,
    "unsupported_media_type",
    "The body has another media type or encoding than this operation reads.",
);
/// See [`Faults`](crate::http::Faults).
pub const INVALID_FIELDS: Named = Named::new(422, "invalid_fields", "One or more fields are not valid.");
/// See [`IdempotencyKey`](crate::http::IdempotencyKey).
pub const IDEMPOTENCY_KEY_REUSED: Named =
    Named::new(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.");
/// See [`Limited`](crate::http::Limited).
pub const TOO_MANY_ATTEMPTS: Named =
    Named::new(429, "too_many_attempts", "There were too many attempts: wait.");
/// See [`TrustedProxy`](crate::http::TrustedProxy). In no document: whoever calls the
/// public address is not answered so.
pub const DIRECT_ACCESS: Named =
    Named::new(403, "direct_access", "This address is for the proxy: call the public address.");
/// A bug, or an item that cannot be read.
pub const INTERNAL_ERROR: Named = Named::new(500, "internal_error", "Something went wrong on our side.");
/// The table or AWS does not answer in time.
pub const UNAVAILABLE: Named = Named::new(503, "unavailable", "The service cannot answer just now.");
