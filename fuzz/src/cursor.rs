//! Any text as a cursor, and any position with the fingerprint of a list: a position
//! that is read is written again unchanged.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use shared::{
    clock::Timestamp,
    id::UserId,
    table::cursor::{Fingerprint, decode, encode},
};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // A position after an equals sign, or a cursor.
    let (fitting, text) = text.strip_prefix('=').map_or((false, &*text), |position| (true, position));
    let list = Fingerprint::of(["user", "/list", "filters"]);
    let cursor = if fitting {
        let mine = encode(&(), &list).expect("encodes");
        let fingerprint = &BASE64_URL_SAFE_NO_PAD.decode(mine).expect("base 64")[..12];
        BASE64_URL_SAFE_NO_PAD.encode([fingerprint, text.as_bytes()].concat())
    } else {
        text.to_owned()
    };
    if let Some(position) = decode::<(String, u64)>(&cursor, &list) {
        let again = encode(&position, &list).expect("encodes");
        assert_eq!(decode(&again, &list), Some(position));
    }
    if let Some(position) = decode::<(Timestamp, UserId)>(&cursor, &list) {
        let again = encode(&position, &list).expect("encodes");
        assert_eq!(decode(&again, &list), Some(position));
    }
    let other = Fingerprint::of(["user", "/other", "filters"]);
    assert_eq!(decode::<Value>(&cursor, &other), None);
}
