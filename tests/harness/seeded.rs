//! Randomness that repeats: `SplitMix64`, which is enough where nothing is
//! secret.

use std::sync::{Arc, Mutex};

use shared::random::Random;

/// A generator whose bytes follow from `seed`.
pub fn random(seed: u64) -> Random {
    let state = Arc::new(Mutex::new(seed));
    Random::from_fn(move |bytes| {
        let mut state = state.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
    })
}
