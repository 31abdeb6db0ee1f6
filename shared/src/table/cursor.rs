//! Opaque cursors: the position at which the next page of a list begins.
//!
//! A cursor is the position of the last entry and a fingerprint of its list. It has
//! no MAC, as few functions have secrets: a forged cursor can only move inside the
//! list that the server rebuilds from the caller and the filters, and finds nothing
//! there that the list does not show anyway.

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::Failure;

/// 96 bits: cursors of two lists do not match by accident.
const FINGERPRINT_BYTES: usize = 12;

/// Identity of the list that a cursor belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint([u8; FINGERPRINT_BYTES]);

impl Fingerprint {
    /// Makes the fingerprint of the list that `parts` identify.
    pub fn of<const N: usize>(parts: [&str; N]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            // The length before each part keeps `ab, c` and `a, bc` apart.
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut fingerprint = [0; FINGERPRINT_BYTES];
        for (byte, hashed) in fingerprint.iter_mut().zip(context.finish().as_ref()) {
            *byte = *hashed;
        }
        Self(fingerprint)
    }
}

/// Encodes a position in a list.
pub fn encode<P: Serialize>(position: &P, list: &Fingerprint) -> Result<String, Failure> {
    let mut bytes = list.0.to_vec();
    serde_json::to_writer(&mut bytes, position).map_err(Failure::internal)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Decodes the position of a cursor; `None` for a cursor of another list.
pub fn decode<P: DeserializeOwned>(cursor: &str, list: &Fingerprint) -> Option<P> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (fingerprint, position) = bytes.split_at_checked(FINGERPRINT_BYTES)?;
    if fingerprint != list.0 {
        return None;
    }
    serde_json::from_slice(position).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Fingerprint {
        Fingerprint::of(["user_1", "/things", "colour=red"])
    }

    #[test]
    fn a_position_survives_its_cursor() {
        let position = ("2026-01-31".to_owned(), 7_u32);
        let cursor = encode(&position, &list()).expect("a tuple is JSON");
        assert_eq!(decode(&cursor, &list()), Some(position));
    }

    #[test]
    fn a_cursor_of_another_list_is_none_of_this() {
        let cursor = encode(&"place", &list()).expect("a text is JSON");
        for other in [
            ["user_2", "/things", "colour=red"],
            ["user_1", "/lamps", "colour=red"],
            ["user_1", "/things", "colour=blue"],
            ["user_1/", "things", "colour=red"],
        ] {
            assert_eq!(decode::<String>(&cursor, &Fingerprint::of(other)), None, "{other:?}");
        }
    }

    #[test]
    fn garbage_is_no_cursor() {
        let cursor = encode(&"place", &list()).expect("a text is JSON");
        assert_eq!(decode::<u32>(&cursor, &list()), None, "a position of another type");
        for garbage in ["", "!", "AAAA", &cursor[..cursor.len() - 2], &format!("{cursor}AA")] {
            assert_eq!(decode::<String>(garbage, &list()), None, "{garbage}");
        }
    }
}
