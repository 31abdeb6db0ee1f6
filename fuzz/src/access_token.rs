//! Any text as an access token; and any header and claims with a valid signature,
//! which reaches the code after the signature check. Every accepted token must meet
//! RFC 9068 and our own rules, as checked by an independent reader.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine as _, prelude::*};
use serde_json::Value;
use shared::{
    identity::{Verifier, tokens::SigningKeys},
    random::Random,
    table::Table,
};

use super::{ISSUER, NOW, RUNTIME, environment};

struct Verified {
    verifier: Verifier,
    key: EcdsaKeyPair,
    kid: String,
}

static VERIFIED: LazyLock<Verified> = LazyLock::new(|| {
    let (environment, _) = environment();
    let secret = (SigningKeys::SECRET.generate)(&Random::system()).expect("generates");
    let keys = SigningKeys::from_secret(&secret).expect("reads");
    let stored: Value = serde_json::from_str(&secret).expect("JSON");
    let pkcs8 = BASE64_STANDARD_NO_PAD.decode(stored["current"].as_str().expect("a key")).expect("base 64");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).expect("a key");
    let (config, context) = environment.open::<auth::Config>("auth-api").expect("opens");
    let verifier =
        Verifier::new(&Table::new(&environment.aws, config.table_name, context.clone()), &context, ISSUER);
    RUNTIME.block_on(verifier.keyring().publish(keys.public())).expect("publishes");
    let kid = keys.public()[0].common.key_id.clone().expect("a name");
    Verified { verifier, key, kid }
});

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Verified { verifier, key, kid } = &*VERIFIED;
    let text = String::from_utf8_lossy(bytes);
    // Header and claims on one line each, or a token on one line.
    let (signed, header, claims) = match text.split_once('\n') {
        Some((header, claims)) => (true, header, claims.trim_end()),
        None => (false, &*text, ""),
    };
    // The key id differs in each run: the seeds have a placeholder for it.
    let header = header.replace("KID", kid);
    let token = if signed {
        let message =
            format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(&header), BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = key.sign(&SystemRandom::new(), message.as_bytes()).expect("signs");
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref()))
    } else {
        header.clone()
    };
    if RUNTIME.block_on(verifier.verify(&token)).is_ok() {
        assert!(signed, "nobody else can sign");
        let header: Value = serde_json::from_str(&header).expect("a header");
        assert_eq!(
            (&header["alg"], &header["typ"], &header["kid"]),
            (&"ES256".into(), &"at+jwt".into(), &kid.as_str().into())
        );
        let claims: Value = serde_json::from_str(claims).expect("claims");
        assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &"agora".into()));
        assert!(
            claims["exp"].as_i64().expect("an end") > NOW - 5
                && claims["iat"].as_i64().expect("a start") <= NOW + 5
        );
        assert!(claims["sub"].as_str().expect("an owner").starts_with("user_"));
    }
}
