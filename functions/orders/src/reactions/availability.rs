//! Availability events, from changes of the stock. Transitions of orders do not publish
//! them: a release would have to read the stock first. Here the availability is
//! compared, after each event that may have changed it, with the published one.

use futures::{TryStreamExt as _, stream};
use shared::{Failure, id::VariantId};

use super::Replicas;

/// Number of stocks compared at the same time.
const CONCURRENCY: usize = 8;

/// Number of changes of a stock during its publication.
const ROUNDS: usize = 5;

impl Replicas {
    /// Publishes the availability of variants, if it has changed.
    pub(super) async fn tell_availabilities(
        &self,
        variants: impl Iterator<Item = VariantId>,
    ) -> Result<(), Failure> {
        let variants: Vec<VariantId> = variants.collect();
        stream::iter(variants.iter().map(Ok))
            .try_for_each_concurrent(CONCURRENCY, |variant| self.tell_availability(variant))
            .await
    }

    /// Publishes the availability of a variant, if it has changed. It is read again
    /// afterwards: a concurrent change of the stock may have been compared with the old
    /// one.
    pub(super) async fn tell_availability(&self, variant: &VariantId) -> Result<(), Failure> {
        for _ in 0..ROUNDS {
            match self.store.get_availability(variant, self.low_stock).await? {
                Some(known) if !known.is_told() => {
                    self.store.put_availability(&known).await?;
                }
                Some(_) | None => return Ok(()),
            }
        }
        Err(Failure::unavailable("this stock keeps changing"))
    }
}
