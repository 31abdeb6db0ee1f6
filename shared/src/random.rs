//! Randomness as a parameter, for the same reason as [`crate::clock`].

use std::{fmt, sync::Arc};

/// Source of random bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    /// The operating system's generator.
    ///
    /// # Panics
    ///
    /// If the generator fails.
    #[expect(clippy::panic, reason = "a system without randomness can keep no secret: nothing may go on")]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's randomness")]
    pub fn system() -> Self {
        Self::from_fn(|bytes| {
            if let Err(error) = getrandom::fill(bytes) {
                panic!("the system gives no random bytes: {error}");
            }
        })
    }

    /// Makes a generator that fills bytes with `fill`; a seeded one makes a test
    /// repeatable.
    pub fn from_fn(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Generates `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// Generates a number in `0..=max`. The modulus has a tiny bias, which does not
    /// matter for jitter.
    pub fn up_to(&self, max: u64) -> u64 {
        u64::from_le_bytes(self.bytes()) % max.saturating_add(1)
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}
