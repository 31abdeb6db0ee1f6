//! `GET /.well-known/jwks.json`

use axum::extract::State;
use serde::Serialize;
use shared::{
    Failure,
    http::{Problem, PublicReply},
};
use utoipa::ToSchema;

use crate::state::Auth;

/// A JSON Web Key Set (RFC 7517).
#[derive(Serialize, ToSchema)]
#[schema(as = JsonWebKeySet)]
#[schema(examples(json!({
    "keys": [{
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
        "alg": "ES256",
        "kid": "oWBl3fhxZOzvPOkq8GOLhBgkzZvyeiMPyNjUTXKGKy4",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }],
})))]
pub struct KeySet {
    /// Current key first, then the previous one and the next one.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<serde_json::Value>,
}

/// Get the public signing keys
///
/// ES256 keys that verify access tokens, identified by their RFC 7638 thumbprints. May
/// be cached for 60 seconds.
#[utoipa::path(get, path = "/.well-known/jwks.json", responses(PublicReply<KeySet>))]
pub async fn get_jwks(State(auth): State<Auth>) -> Result<PublicReply<KeySet>, Problem> {
    // The first request on a new stack creates the keys.
    auth.keys().await?;
    let published = auth.verifier.keyring().published().await?;
    let keys =
        published.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Failure::internal)?;
    Ok(PublicReply { body: KeySet { keys }, max_age_seconds: Some(60) })
}
