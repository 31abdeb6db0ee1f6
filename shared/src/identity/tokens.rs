//! Access tokens: ES256 JWTs in the form of [RFC
//! 9068](https://www.rfc-editor.org/rfc/rfc9068), without any text that a user can
//! write.

use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use serde::{Deserialize, Serialize};

use crate::vocabulary::Role;
use crate::{
    Failure,
    clock::Timestamp,
    id::{SessionId, TokenId, UserId},
    random::Random,
    secrets::Secret,
};

/// Lifetime of an access token.
pub const ACCESS_LIFETIME: Duration = Duration::from_mins(10);

/// Maximum difference between the clocks of two instances.
const LEEWAY_SECONDS: i64 = 5;

/// RFC 9068, 2.1: the type keeps other kinds of tokens from being accepted.
const TYPE: &str = "at+jwt";

/// The one audience: this API.
const AUDIENCE: &str = "agora";

/// Claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Issuer: the platform.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// Subject: id of the account.
    pub sub: UserId,
    /// Id of the session.
    pub sid: SessionId,
    /// Id of the token.
    pub jti: TokenId,
    /// Time of issue, epoch seconds.
    pub iat: i64,
    /// Expiry, epoch seconds.
    pub exp: i64,
    /// Time of the last authentication, epoch seconds.
    pub auth_time: i64,
    /// Role of the account.
    pub role: Role,
    /// Generation of the account at the time of issue.
    #[serde(rename = "gen")]
    pub generation: u32,
}

/// User and session of an access token.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The user's role.
    pub role: Role,
    /// The user's generation.
    pub generation: u32,
    /// Time of the user's last authentication.
    pub authenticated_at: Timestamp,
}

/// The private keys as their secret stores them: PKCS#8 in base 64.
#[derive(Serialize, Deserialize)]
struct StoredKeys {
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    current: String,
    next: String,
    /// Time of the last rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rotated_at: Option<Timestamp>,
}

/// Time for which an instance uses the secrets that it has read.
pub const SECRETS_CACHE: Duration = Duration::from_mins(5);

/// Minimum pause between rotations: until no instance signs with the key that the
/// rotation retires, and no token that it signed is still valid.
pub const ROTATION_PAUSE: Duration =
    Duration::from_secs(ACCESS_LIFETIME.as_secs() + 2 * SECRETS_CACHE.as_secs());

/// Errors of rotating the keys.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// Tokens of the retired key may still be valid.
    #[error("the last rotation was at {last}: wait until {}", *last + ROTATION_PAUSE)]
    TooSoon {
        /// Time of the last rotation.
        last: Timestamp,
    },
    /// An infrastructure error.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl StoredKeys {
    fn read(value: &str) -> Result<Self, Failure> {
        serde_json::from_str(value).map_err(|_| Failure::internal("the token keys cannot be read"))
    }
}

/// The keys that sign access tokens. `next` is published long before it signs,
/// `previous` until the last token that it signed has expired, so a rotation fails no
/// request.
#[derive(Debug)]
pub struct SigningKeys {
    kid: String,
    key: EncodingKey,
    public: Vec<Jwk>,
}

impl SigningKeys {
    /// The secret of the keys.
    pub const SECRET: Secret = Secret {
        name: "token-keys",
        generate: |_: &Random| {
            let stored =
                StoredKeys { previous: None, current: generate()?, next: generate()?, rotated_at: None };
            serde_json::to_string(&stored).map_err(Failure::internal)
        },
    };

    /// Rotates the secret: the published next key signs, and a new next key is
    /// published.
    pub fn rotate(value: &str, now: Timestamp) -> Result<String, RotationError> {
        let stored = StoredKeys::read(value)?;
        if let Some(last) = stored.rotated_at.filter(|last| now.since(*last) < ROTATION_PAUSE) {
            return Err(RotationError::TooSoon { last });
        }
        let rotated = StoredKeys {
            previous: Some(stored.current),
            current: stored.next,
            next: generate()?,
            rotated_at: Some(now),
        };
        Ok(serde_json::to_string(&rotated).map_err(Failure::internal)?)
    }

    /// Reads the keys from the secret's value.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        install_crypto();
        let stored = StoredKeys::read(value)?;
        let (key, current) = key_pair(&stored.current)?;
        let mut public = vec![current.clone()];
        for other in stored.previous.iter().chain([&stored.next]) {
            public.push(key_pair(other)?.1);
        }
        let kid = current.common.key_id.unwrap_or_default();
        Ok(Self { kid, key, public })
    }

    /// The public halves, the current one first.
    pub fn public(&self) -> &[Jwk] {
        &self.public
    }

    /// Signs an access token.
    pub fn sign(
        &self,
        issuer: &str,
        subject: Subject,
        id: TokenId,
        now: Timestamp,
    ) -> Result<String, Failure> {
        let claims = AccessClaims {
            iss: issuer.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.user_id,
            sid: subject.session_id,
            jti: id,
            iat: now.seconds(),
            exp: (now + ACCESS_LIFETIME).seconds(),
            auth_time: subject.authenticated_at.seconds(),
            role: subject.role,
            generation: subject.generation,
        };
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(Failure::internal)
    }
}

/// Generates a private key. aws-lc uses the system's randomness and accepts no
/// injected generator.
fn generate() -> Result<String, Failure> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(Failure::internal)?;
    let document = pair.to_pkcs8v1().map_err(Failure::internal)?;
    Ok(BASE64_STANDARD_NO_PAD.encode(document.as_ref()))
}

/// A private key and its public half, named by its RFC 7638 thumbprint.
fn key_pair(pkcs8: &str) -> Result<(EncodingKey, Jwk), Failure> {
    let unreadable = || Failure::internal("a token key cannot be read");
    let der = BASE64_STANDARD_NO_PAD.decode(pkcs8).map_err(|_| unreadable())?;
    let key = EncodingKey::from_ec_der(&der);
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(|_| unreadable())?;
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| unreadable())?);
    Ok((key, jwk))
}

/// Installs the backend of `jsonwebtoken`, which would otherwise choose one by its
/// features and panic if another crate of the build has enabled a second one.
pub(super) fn install_crypto() {
    // An error means that it is already installed.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}

/// The key id of a token whose header is that of our access tokens: any other token
/// is refused before its signature is checked.
pub(super) fn key_id(token: &str) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let ours = header.alg == Algorithm::ES256 && header.typ.as_deref() == Some(TYPE) && header.crit.is_none();
    header.kid.filter(|_| ours)
}

/// Verifies a token signed by `key` at the time `now`, and returns its claims.
pub(super) fn verify(token: &str, key: &DecodingKey, issuer: &str, now: Timestamp) -> Option<AccessClaims> {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // The crate would read the system's clock instead of the injected one.
    validation.validate_exp = false;
    let received: Received = jsonwebtoken::decode(token, key, &validation).ok()?.claims;
    received.is_valid_at(now.seconds()).then_some(received.claims)
}

/// Claims of a received token, which may have an `nbf`.
#[derive(Deserialize)]
struct Received {
    #[serde(flatten)]
    claims: AccessClaims,
    nbf: Option<i64>,
}

impl Received {
    /// True if the token has begun and not expired, and its lifetime is at most that
    /// of ours.
    fn is_valid_at(&self, now: i64) -> bool {
        let AccessClaims { iat, exp, .. } = self.claims;
        let begins = self.nbf.unwrap_or(iat).max(iat);
        begins.saturating_sub(LEEWAY_SECONDS) <= now
            && now < exp.saturating_add(LEEWAY_SECONDS)
            && exp.saturating_sub(iat).unsigned_abs() <= ACCESS_LIFETIME.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Clock, id::Ids};

    const ISSUER: &str = "https://agora.example";

    fn keys() -> SigningKeys {
        let secret = (SigningKeys::SECRET.generate)(&Random::system()).expect("generates");
        SigningKeys::from_secret(&secret).expect("reads")
    }

    fn subject(ids: &Ids) -> Subject {
        Subject {
            user_id: ids.next(),
            session_id: ids.next(),
            role: Role::User,
            generation: 1,
            authenticated_at: Timestamp::from_millis(1_700_000_000_000),
        }
    }

    #[test]
    fn a_token_is_valid_until_its_end_and_a_little_leeway() {
        let ids = Ids::new(Clock::system(), Random::system());
        let keys = keys();
        let now = Timestamp::from_millis(1_700_000_000_000);
        let token = keys.sign(ISSUER, subject(&ids), ids.next(), now).expect("signs");
        let key = DecodingKey::from_jwk(&keys.public()[0]).expect("a key");
        let at = |seconds| verify(&token, &key, ISSUER, now + Duration::from_secs(seconds));
        assert!(at(0).is_some() && at(604).is_some());
        assert!(at(605).is_none());
        assert!(verify(&token, &key, "https://evil.example", now).is_none());
        assert_eq!(key_id(&token), keys.public()[0].common.key_id);
    }

    #[test]
    fn another_key_or_a_changed_claim_is_refused() {
        let ids = Ids::new(Clock::system(), Random::system());
        let (keys, other) = (keys(), keys());
        let now = Timestamp::from_millis(1_700_000_000_000);
        let token = keys.sign(ISSUER, subject(&ids), ids.next(), now).expect("signs");
        let key = DecodingKey::from_jwk(&keys.public()[0]).expect("a key");
        let foreign = DecodingKey::from_jwk(&other.public()[0]).expect("a key");
        assert!(verify(&token, &foreign, ISSUER, now).is_none());
        let mut parts: Vec<&str> = token.split('.').collect();
        let forged = other.sign(ISSUER, subject(&ids), ids.next(), now).expect("signs");
        parts[1] = forged.split('.').nth(1).expect("claims");
        assert!(verify(&parts.join("."), &key, ISSUER, now).is_none());
    }

    #[test]
    fn a_rotation_fails_no_token_and_cannot_be_hurried() {
        let ids = Ids::new(Clock::system(), Random::system());
        let now = Timestamp::from_millis(1_700_000_000_000);
        let first = (SigningKeys::SECRET.generate)(&Random::system()).expect("generates");
        let before = SigningKeys::from_secret(&first).expect("reads");
        let second = SigningKeys::rotate(&first, now).expect("rotates");
        let after = SigningKeys::from_secret(&second).expect("reads");
        // The current key was published before; the previous one still is.
        let kid = |keys: &SigningKeys, place: usize| keys.public()[place].common.key_id.clone();
        assert_eq!(kid(&after, 0), kid(&before, 1));
        assert_eq!(kid(&after, 1), kid(&before, 0));
        let token = before.sign(ISSUER, subject(&ids), ids.next(), now).expect("signs");
        let key = DecodingKey::from_jwk(&after.public()[1]).expect("a key");
        assert!(verify(&token, &key, ISSUER, now).is_some());

        let soon = (now + ROTATION_PAUSE).before(Duration::from_millis(1));
        assert!(matches!(SigningKeys::rotate(&second, soon), Err(RotationError::TooSoon { .. })));
        assert!(SigningKeys::rotate(&second, now + ROTATION_PAUSE).is_ok());
    }
}
