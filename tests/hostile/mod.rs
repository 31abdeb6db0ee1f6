//! Hostile input: random bytes and valid values with a change, for every endpoint,
//! every token and every kind of payload. All of it is answered: without a panic,
//! without a 5xx, and in a reply of limited size.

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

/// The most that a problem may weigh: its fields' faults are counted.
const LARGEST_PROBLEM: usize = 32 * 1024;

/// The most that any answer may weigh, of which the OpenAPI document takes half:
/// Lambda's own limit is 6 MB.
const LARGEST_REPLY: usize = 1024 * 1024;

/// Fails where an answer is none that a caller may see.
fn assert_harmless(reply: &Reply) {
    assert!(reply.status < 500, "{}: {}", reply.status, String::from_utf8_lossy(&reply.bytes));
    assert!(reply.bytes.len() <= LARGEST_REPLY, "{} bytes", reply.bytes.len());
    if reply.status >= 400 {
        reply.problem();
        let start: String = String::from_utf8_lossy(&reply.bytes).chars().take(1_000).collect();
        assert!(reply.bytes.len() <= LARGEST_PROBLEM, "{} bytes: {start}", reply.bytes.len());
    }
}
