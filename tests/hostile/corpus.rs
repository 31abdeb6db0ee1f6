//! The corpus of access tokens, after Project Wycheproof's: each case has a name, a
//! token and the required verdict. It is stored in `tests/corpus/tokens.json`, for
//! any verifier:
//!
//! ```text
//! INSTA_UPDATE=always cargo test -p tests -- the_kept_corpus
//! ```
//!
//! makes it again, with a key that is not stored.

mod cases;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        KeyPair as _,
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// Time of the verification, epoch seconds: 2026-01-01T00:10:00Z.
pub const NOW: i64 = 1_767_226_200;

/// Issuer of the valid tokens.
pub const ISSUER: &str = "http://127.0.0.1:3000";

const KID: &str = "corpus-1";

/// A key that signs a corpus.
struct Key {
    pkcs8: Vec<u8>,
}

impl Key {
    fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { pkcs8: pair.to_pkcs8v1().unwrap().as_ref().to_vec() }
    }

    fn pair(&self, algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(algorithm, &self.pkcs8).unwrap()
    }

    /// The uncompressed point: 4, x, y.
    fn public(&self) -> Vec<u8> {
        self.pair(&ECDSA_P256_SHA256_FIXED_SIGNING).public_key().as_ref().to_vec()
    }

    fn jwk(&self) -> Value {
        let public = self.public();
        let (x, y) = (BASE64.encode(&public[1..33]), BASE64.encode(&public[33..]));
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": KID })
    }

    fn sign(&self, message: &str) -> Vec<u8> {
        let pair = self.pair(&ECDSA_P256_SHA256_FIXED_SIGNING);
        pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
    }

    fn sign_der(&self, message: &str) -> Vec<u8> {
        let pair = self.pair(&ECDSA_P256_SHA256_ASN1_SIGNING);
        pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
    }

    /// A token of two texts, which need not be JSON.
    fn token(&self, header: &str, claims: &str) -> String {
        let message = message(header, claims);
        format!("{message}.{}", BASE64.encode(self.sign(&message)))
    }
}

fn message(header: &str, claims: &str) -> String {
    format!("{}.{}", BASE64.encode(header), BASE64.encode(claims))
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "ES256", "kid": KID })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "agora", "sub": "user_01h455vb4pex5vsknk084sn02q",
        "sid": "sess_01h455vb4pex5vsknk084sn02q", "jti": "tok_01h455vb4pex5vsknk084sn02q",
        "iat": NOW - 60, "exp": NOW + 540, "auth_time": NOW - 60, "role": "USER", "gen": 1,
    })
}

fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name);
    object
}

/// Inserts text that no `Value` can hold before the last brace of an object.
fn with_text(object: &Value, text: &str) -> String {
    let whole = object.to_string();
    format!("{},{text}}}", &whole[..whole.len() - 1])
}

/// A corpus in construction.
struct Corpus {
    key: Key,
    cases: Vec<Value>,
}

impl Corpus {
    fn case(&mut self, name: &str, valid: bool, token: impl Into<String>) {
        let verdict = if valid { "valid" } else { "invalid" };
        self.cases.push(json!({ "name": name, "verdict": verdict, "token": token.into() }));
    }

    /// Adds a case with this header and valid claims.
    #[expect(clippy::needless_pass_by_value, reason = "callers make it on the spot")]
    fn header(&mut self, name: &str, valid: bool, header: impl ToString) {
        let token = self.key.token(&header.to_string(), &claims().to_string());
        self.case(name, valid, token);
    }

    /// Adds a case with these claims and a valid header.
    #[expect(clippy::needless_pass_by_value, reason = "callers make it on the spot")]
    fn claims(&mut self, name: &str, valid: bool, claims: impl ToString) {
        let token = self.key.token(&header().to_string(), &claims.to_string());
        self.case(name, valid, token);
    }

    /// Adds a case with a valid message and this signature.
    fn signature(&mut self, name: &str, valid: bool, header: &Value, sign: impl Fn(&Key, &str) -> Vec<u8>) {
        let message = message(&header.to_string(), &claims().to_string());
        let signature = BASE64.encode(sign(&self.key, &message));
        self.case(name, valid, format!("{message}.{signature}"));
    }
}

/// Makes a corpus with a new key.
pub fn make() -> Value {
    let mut corpus = Corpus { key: Key::new(), cases: Vec::new() };
    cases::algorithms(&mut corpus);
    cases::keys(&mut corpus);
    cases::headers(&mut corpus);
    cases::times(&mut corpus);
    cases::others(&mut corpus);
    cases::encodings(&mut corpus);
    cases::signatures(&mut corpus);
    json!({ "now": NOW, "issuer": ISSUER, "audience": "agora", "key": corpus.key.jwk(), "cases": corpus.cases })
}
