//! Short-lived copies in a warm function for callers without a token: each is kept for
//! at most [`MAX_AGE`], which bounds the age of an anonymous reader's copy. Requests
//! with a token, and writes, read the table.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use shared::{
    Failure,
    clock::{Clock, Timestamp},
};

/// Maximum age of an anonymous reader's copy.
pub const MAX_AGE: Duration = Duration::from_secs(5);

/// Maximum number of copies: bounds the function's memory and holds the popular items.
const CAPACITY: usize = 1_000;

/// Cached copies, with their read times.
#[derive(Debug)]
pub struct Cache<K, V> {
    clock: Clock,
    copies: Arc<Mutex<Copies<K, V>>>,
}

#[derive(Debug)]
struct Copies<K, V> {
    by_key: HashMap<K, (V, Timestamp)>,
    /// Number of invalidations: a read that began before the last one may be stale.
    forgotten: u64,
}

impl<K, V> Clone for Cache<K, V> {
    fn clone(&self) -> Self {
        Self { clock: self.clock.clone(), copies: Arc::clone(&self.copies) }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    /// An empty cache.
    pub fn new(clock: Clock) -> Self {
        let copies = Copies { by_key: HashMap::new(), forgotten: 0 };
        Self { clock, copies: Arc::new(Mutex::new(copies)) }
    }

    /// The copy of `key`, or the result of `read`, and its age.
    pub async fn get_or_read(
        &self,
        key: K,
        read: impl Future<Output = Result<V, Failure>>,
    ) -> Result<(V, Duration), Failure> {
        let now = self.clock.now();
        let (copy, forgotten) = {
            let copies = self.copies();
            (copies.by_key.get(&key).cloned(), copies.forgotten)
        };
        if let Some((value, read_at)) = copy.filter(|(_, read_at)| now.since(*read_at) < MAX_AGE) {
            return Ok((value, now.since(read_at)));
        }
        let value = read.await?;
        self.remember(key, (value.clone(), now), forgotten);
        Ok((value, Duration::ZERO))
    }

    /// Drops the copy of an item that this instance has written.
    pub fn forget(&self, key: &K) {
        let mut copies = self.copies();
        copies.by_key.remove(key);
        copies.forgotten += 1;
    }

    fn remember(&self, key: K, (value, read_at): (V, Timestamp), forgotten: u64) {
        let mut copies = self.copies();
        if copies.by_key.len() >= CAPACITY {
            copies.by_key.retain(|_, (_, at)| read_at.since(*at) < MAX_AGE);
        }
        if copies.by_key.len() < CAPACITY && copies.forgotten == forgotten {
            copies.by_key.insert(key, (value, read_at));
        }
    }

    fn copies(&self) -> MutexGuard<'_, Copies<K, V>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
