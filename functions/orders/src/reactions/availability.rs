//! Availability events, from changes of the stock. Transitions of orders do not publish
//! them: a release would have to read the stock first. Here the availability is
//! compared, after each event that may have changed it, with the published one.

use futures::{TryStreamExt as _, stream};
use shared::{Failure, id::VariantId};

use super::Replicas;
use crate::store::KnownAvailability;

/// Number of stocks read at a time: two keys each, of the 100 of a batch.
const BATCH: usize = 50;

/// Number of availabilities published at the same time.
const CONCURRENCY: usize = 8;

/// Number of changes of a stock during its publication.
const ROUNDS: usize = 5;

impl Replicas {
    /// Publishes the availability of distinct variants, if it has changed. What was
    /// published is read again: a concurrent change of the stock may have been compared
    /// with the old one.
    pub(super) async fn tell_availabilities(
        &self,
        variants: impl IntoIterator<Item = VariantId>,
    ) -> Result<(), Failure> {
        let mut variants: Vec<VariantId> = variants.into_iter().collect();
        for _ in 0..ROUNDS {
            let mut changed = Vec::new();
            for batch in variants.chunks(BATCH) {
                let known = self.store.get_availabilities(batch, self.low_stock).await?;
                changed.extend(known.into_iter().filter(|known| !known.is_told()));
            }
            if changed.is_empty() {
                return Ok(());
            }
            stream::iter(changed.iter().map(Ok))
                .try_for_each_concurrent(CONCURRENCY, |known| self.store.put_availability(known))
                .await?;
            variants = changed.into_iter().map(KnownAvailability::into_variant).collect();
        }
        Err(Failure::unavailable("this stock keeps changing"))
    }
}
