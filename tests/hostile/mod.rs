//! Hostile input: random bytes, and valid values with changes, for every endpoint,
//! every token and every kind of payload. Every input must be answered: without a
//! panic or a 5xx, and within a limited size.

mod access_tokens;
mod corpus;
mod cursors;
mod endpoints;
mod fuzzed;
mod payloads;
mod tokens;
mod values;
mod world;

use crate::harness::client::Reply;

/// Maximum bytes of a problem: the number of its faults is limited.
const LARGEST_PROBLEM: usize = 32 * 1024;

/// Maximum bytes of any reply; the OpenAPI document takes half of it. Lambda's own
/// limit is 6 MB.
const LARGEST_REPLY: usize = 1024 * 1024;

/// Fails if a caller must not see the reply.
fn assert_harmless(reply: &Reply) {
    assert!(reply.status < 500, "{}: {}", reply.status, String::from_utf8_lossy(&reply.bytes));
    assert!(reply.bytes.len() <= LARGEST_REPLY, "{} bytes", reply.bytes.len());
    if reply.status >= 400 {
        reply.problem();
        let start: String = String::from_utf8_lossy(&reply.bytes).chars().take(1_000).collect();
        assert!(reply.bytes.len() <= LARGEST_PROBLEM, "{} bytes: {start}", reply.bytes.len());
    }
}
