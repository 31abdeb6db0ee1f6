//! Faults of tokens, one case each.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Corpus, ISSUER, KID, Key, NOW, claims, header, message, with, with_text, without};

pub(super) fn algorithms(corpus: &mut Corpus) {
    corpus.header("a good token", true, header());
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let header = with(header(), "alg", alg);
        let message = message(&header.to_string(), &claims().to_string());
        corpus.case(&format!("alg {alg:?} without a signature"), false, format!("{message}."));
        corpus.header(&format!("alg {alg:?} with a good signature"), false, header);
    }
    for alg in ["ES384", "ES512", "ES256K", "EdDSA", "RS256", "PS256", "HS256", "es256", "ES256 "] {
        corpus.header(
            &format!("alg {alg:?} with a good signature of ES256"),
            false,
            with(header(), "alg", alg),
        );
    }
    corpus.header("no alg", false, without(header(), "alg"));
    corpus.header("alg null", false, with(header(), "alg", Value::Null));
    corpus.header("alg in a list", false, with(header(), "alg", json!(["ES256"])));
    corpus.header("alg of a number", false, with(header(), "alg", 256));
    let hs256 = with(header(), "alg", "HS256");
    corpus.signature("HS256 with the public point as its secret", false, &hs256, |key, message| {
        mac(&key.public(), message)
    });
    corpus.signature("HS256 with the public key in DER as its secret", false, &hs256, |key, message| {
        mac(&der(key), message)
    });
    corpus.signature("HS256 with the public key in PEM as its secret", false, &hs256, |key, message| {
        mac(pem(key).as_bytes(), message)
    });
    corpus.signature("HS256 with the JWK as its secret", false, &hs256, |key, message| {
        mac(key.jwk().to_string().as_bytes(), message)
    });
    corpus.signature("HS256 without a secret", false, &hs256, |_, message| mac(b"", message));
    corpus.signature("an HMAC that says ES256", false, &header(), |key, message| mac(&key.public(), message));
}

fn mac(secret: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec()
}

/// `SubjectPublicKeyInfo` of RFC 5480.
fn der(key: &Key) -> Vec<u8> {
    let prefix = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
        0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    [prefix.as_slice(), &key.public()].concat()
}

fn pem(key: &Key) -> String {
    let text = BASE64_STANDARD.encode(der(key));
    format!("-----BEGIN PUBLIC KEY-----\n{}\n{}\n-----END PUBLIC KEY-----\n", &text[..64], &text[64..])
}

pub(super) fn keys(corpus: &mut Corpus) {
    for kid in [
        "",
        "corpus-2",
        "CORPUS-1",
        "corpus-1\u{0}",
        " corpus-1",
        "../../../../dev/null",
        "/dev/null",
        "' OR 1=1 --",
        "JWKS",
    ] {
        corpus.header(&format!("kid {kid:?}"), false, with(header(), "kid", kid));
    }
    corpus.header("kid of ten thousand characters", false, with(header(), "kid", "k".repeat(10_000)));
    for (name, kid) in [
        ("null", Value::Null),
        ("a list", json!([KID])),
        ("an object", json!({ "kid": KID })),
        ("a number", json!(1)),
    ] {
        corpus.header(&format!("kid is {name}"), false, with(header(), "kid", kid));
    }
    corpus.header("no kid", false, without(header(), "kid"));
    let stranger = Key::new();
    let foreign = |header: &Value| stranger.token(&header.to_string(), &claims().to_string());
    corpus.case("another's key under our kid", false, foreign(&header()));
    let url = "https://evil.example/keys.json";
    for (name, value) in
        [("jku", json!(url)), ("x5u", json!(url)), ("jwk", stranger.jwk()), ("x5c", json!(["MAo="]))]
    {
        corpus.case(
            &format!("another's key, which {name} brings"),
            false,
            foreign(&with(header(), name, value.clone())),
        );
        let unnamed = with(without(header(), "kid"), name, value);
        corpus.case(&format!("another's key, which {name} brings, and no kid"), false, foreign(&unnamed));
    }
}

pub(super) fn headers(corpus: &mut Corpus) {
    for typ in ["JWT", "jwt", "at+JWT2", "application/jwt", "dpop+jwt", "logout+jwt", "id+jwt", "", "at+jwt "]
    {
        corpus.header(&format!("typ {typ:?}"), false, with(header(), "typ", typ));
    }
    corpus.header("no typ", false, without(header(), "typ"));
    corpus.header("typ null", false, with(header(), "typ", Value::Null));
    corpus.header("crit of what nobody knows", false, with(header(), "crit", json!(["exp2"])));
    corpus.header("crit without an entry", false, with(header(), "crit", json!([])));
    corpus.header(
        "an unencoded payload (b64 false)",
        false,
        with(with(header(), "b64", false), "crit", json!(["b64"])),
    );
    corpus.header("a header that nobody knows", true, with(header(), "colour", "red"));
    corpus.header("alg twice, the second none", false, with_text(&header(), r#""alg":"none""#));
    corpus.header("alg twice, the same", false, with_text(&header(), r#""alg":"ES256""#));
    corpus.header("kid twice", false, with_text(&header(), r#""kid":"corpus-2""#));
    corpus.header("typ twice", false, with_text(&header(), r#""typ":"JWT""#));
    corpus.header("a header that is a list", false, json!([header()]));
    corpus.header("a header that is a text", false, json!("at+jwt"));
    corpus.header("a header with something behind it", false, format!("{}x", header()));
    corpus.header("a header of nothing", false, "");
}

pub(super) fn times(corpus: &mut Corpus) {
    let exp = |value: Value| with(claims(), "exp", value);
    corpus.claims("ended four seconds ago: clocks differ", true, exp(json!(NOW - 4)));
    corpus.claims("ended five seconds ago", false, exp(json!(NOW - 5)));
    corpus.claims("ended in 1970", false, exp(json!(0)));
    corpus.claims("ends before 1970", false, exp(json!(-1)));
    corpus.claims("ends at the least number", false, exp(json!(i64::MIN)));
    corpus.claims("ends at the greatest number", false, exp(json!(i64::MAX)));
    corpus.claims("ends beyond the greatest number", false, exp(json!(u64::MAX)));
    corpus.claims("ends as a float", false, exp(json!(9e12)));
    corpus.claims("ends at 1e400", false, with_text(&without(claims(), "exp"), r#""exp":1e400"#));
    corpus.claims(
        "ends at a number of a hundred digits",
        false,
        with_text(&without(claims(), "exp"), &format!("\"exp\":{}", "9".repeat(100))),
    );
    corpus.claims("ends as a text", false, exp(json!((NOW + 540).to_string())));
    corpus.claims("ends as a list", false, exp(json!([NOW + 540])));
    corpus.claims("ends null", false, exp(Value::Null));
    corpus.claims("never ends", false, without(claims(), "exp"));
    corpus.claims(
        "ends twice, first late",
        false,
        with_text(&exp(json!(NOW - 600)), &format!("\"exp\":{}", NOW + 540)),
    );
    corpus.claims("lives longer than any of ours", false, exp(json!(NOW + 601)));
    corpus.claims("not before now", true, with(claims(), "nbf", NOW));
    corpus.claims("not before tomorrow", false, with(claims(), "nbf", NOW + 86_400));
    corpus.claims("not before a text", false, with(claims(), "nbf", "now"));
    corpus.claims("made tomorrow", false, with(with(claims(), "iat", NOW + 86_400), "exp", NOW + 86_940));
    corpus.claims("no iat", false, without(claims(), "iat"));
    corpus.claims("iat of a text", false, with(claims(), "iat", "now"));
}

pub(super) fn others(corpus: &mut Corpus) {
    for issuer in [
        "",
        "http://127.0.0.1:3001",
        "http://127.0.0.1:3000/",
        "HTTP://127.0.0.1:3000",
        "https://evil.example",
    ] {
        corpus.claims(&format!("iss {issuer:?}"), false, with(claims(), "iss", issuer));
    }
    corpus.claims("iss in a list", false, with(claims(), "iss", json!([ISSUER])));
    for audience in [json!(""), json!("Agora"), json!("other"), json!(["other"]), json!([]), Value::Null] {
        corpus.claims(&format!("aud {audience}"), false, with(claims(), "aud", audience));
    }
    corpus.claims("aud in a list", false, with(claims(), "aud", json!(["agora", "other"])));
    for name in ["iss", "aud", "sub", "sid", "jti", "auth_time", "role", "gen"] {
        corpus.claims(&format!("no {name}"), false, without(claims(), name));
    }
    corpus.claims("sub twice", false, with_text(&claims(), r#""sub":"user_01h455vb4pex5vsknk084sn02r""#));
    corpus.claims(
        "role twice, the second of an administrator",
        false,
        with_text(&claims(), r#""role":"ADMIN""#),
    );
    corpus.claims("role that nobody has", false, with(claims(), "role", "ROOT"));
    corpus.claims("sub of another kind", false, with(claims(), "sub", "sess_01h455vb4pex5vsknk084sn02q"));
    corpus.claims(
        "sub with a path in it",
        false,
        with(claims(), "sub", "user_01h455vb4pex5vsknk084sn02q/.."),
    );
    corpus.claims("gen below nothing", false, with(claims(), "gen", -1));
    corpus.claims("a claim that nobody knows", true, with(claims(), "colour", "red"));
    corpus.claims("claims in a list", false, json!([claims()]));
    corpus.claims("claims with something behind them", false, format!("{} {{}}", claims()));
    corpus.claims("no claims", false, "");
    corpus.claims("claims a hundred thousand brackets deep", false, "[".repeat(100_000));
}

pub(super) fn encodings(corpus: &mut Corpus) {
    let good = corpus.key.token(&header().to_string(), &claims().to_string());
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else { unreachable!() };
    for (name, token) in [
        ("nothing", String::new()),
        ("two dots", "..".to_owned()),
        ("one segment", head.to_owned()),
        ("two segments", format!("{head}.{body}")),
        ("four segments", format!("{good}.")),
        ("five segments: a JWE", format!("{head}..{body}.{signature}.AAAA")),
        ("padding behind the header", format!("{head}=.{body}.{signature}")),
        ("padding behind the claims", format!("{head}.{body}=.{signature}")),
        ("padding behind the signature", format!("{good}==")),
        ("a space before", format!("\u{a0}{good}")),
        ("a space behind", format!("{good}\u{a0}")),
        ("a line break within", format!("{head}.\n{body}.{signature}")),
        ("something behind", format!("{good}AAAA")),
        ("a NUL behind", format!("{good}\u{0}")),
        ("the signature not in the URL's alphabet", format!("{head}.{body}.{}+/", &signature[..84])),
        ("no signature", format!("{head}.{body}.")),
        ("the parts in another order", format!("{body}.{head}.{signature}")),
        (
            "JSON serialization",
            json!({ "protected": head, "payload": body, "signature": signature }).to_string(),
        ),
    ] {
        corpus.case(name, false, token);
    }
    // 64 bytes leave four bits of the last character unused.
    let last = signature.as_bytes()[85];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let next = alphabet[alphabet.iter().position(|it| *it == last).unwrap() + 1] as char;
    corpus.case(
        "a last character that is not canonical",
        false,
        format!("{head}.{body}.{}{next}", &signature[..85]),
    );
}

pub(super) fn signatures(corpus: &mut Corpus) {
    let header = header();
    corpus.signature("a signature in DER", false, &header, Key::sign_der);
    corpus.signature("a signature of nothing but zeros", false, &header, |_, _| vec![0; 64]);
    corpus
        .signature("r is zero", false, &header, |key, message| [&[0; 32], &key.sign(message)[32..]].concat());
    corpus
        .signature("s is zero", false, &header, |key, message| [&key.sign(message)[..32], &[0; 32]].concat());
    corpus.signature("r and s are the order of the group", false, &header, |_, _| [ORDER, ORDER].concat());
    corpus.signature("r and s are one", false, &header, |_, _| [one(), one()].concat());
    corpus.signature("r and s swapped", false, &header, |key, message| {
        let signature = key.sign(message);
        [&signature[32..], &signature[..32]].concat()
    });
    corpus.signature("one byte short", false, &header, |key, message| key.sign(message)[..63].to_vec());
    corpus
        .signature("one byte too many", false, &header, |key, message| [key.sign(message), vec![0]].concat());
    corpus.signature("half of it", false, &header, |key, message| key.sign(message)[..32].to_vec());
    corpus.signature("of another message", false, &header, |key, _| key.sign("another message"));
    corpus.signature("one bit off", false, &header, |key, message| {
        let mut signature = key.sign(message);
        signature[40] ^= 1;
        signature
    });
    // ECDSA has two signatures for each message: anyone with a token can make its
    // twin, with the same claims. No code of ours uses a token as an identifier.
    corpus.signature("the twin: s is the order less s", true, &header, |key, message| {
        let signature = key.sign(message);
        let mut twin = ORDER.to_vec();
        let mut borrow = 0;
        for place in (0..32).rev() {
            let difference = i16::from(ORDER[place]) - i16::from(signature[32 + place]) - borrow;
            borrow = i16::from(difference < 0);
            twin[place] = u8::try_from(difference.rem_euclid(256)).unwrap();
        }
        [&signature[..32], &twin].concat()
    });
}

/// The order of P-256's group.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn one() -> [u8; 32] {
    let mut one = [0; 32];
    one[31] = 1;
    one
}
