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
    /// The current key first, then the one before and the one to come.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<serde_json::Value>,
}

/// Public keys
///
/// What access tokens are verified with: ES256 keys under their RFC 7638
/// thumbprints. Keep them for a minute.
#[utoipa::path(get, path = "/.well-known/jwks.json", responses(PublicReply<KeySet>))]
pub async fn get_jwks(State(auth): State<Auth>) -> Result<PublicReply<KeySet>, Problem> {
    // Whoever asks first on a new stack finds the keys made.
    auth.keys().await?;
    let published = auth.verifier.keyring().published().await?;
    let keys =
        published.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Failure::internal)?;
    Ok(PublicReply { body: KeySet { keys }, max_age_seconds: Some(60) })
}
