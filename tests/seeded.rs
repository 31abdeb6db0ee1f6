//! Repeatable randomness: `SplitMix64`, which is sufficient as nothing is secret.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use shared::random::Random;

/// A generator determined by its seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Makes a generator with these numbers as its seed.
    pub fn new(numbers: &[u64]) -> Self {
        let mut dice = Self(0);
        for number in numbers {
            dice.0 ^= number.wrapping_mul(0xd134_2543_de82_ef95);
            dice.0 = dice.roll();
        }
        dice
    }

    /// A random number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap()
    }

    /// True with a probability of `in_a_thousand` per mille.
    pub fn happens(&mut self, in_a_thousand: usize) -> bool {
        self.below(1000) < in_a_thousand
    }

    /// A random element of `several`; `None` if it is empty.
    pub fn pick<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len()))
    }

    /// A duration of less than `most` milliseconds.
    pub fn millis(&mut self, most: usize) -> Duration {
        Duration::from_millis(self.below(most) as u64)
    }
}

/// A source of random bytes determined by `seed`.
pub fn random(seed: u64) -> Random {
    let dice = Arc::new(Mutex::new(Dice(seed)));
    Random::from_fn(move |bytes| {
        let mut dice = dice.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&dice.roll().to_le_bytes()[..chunk.len()]);
        }
    })
}
