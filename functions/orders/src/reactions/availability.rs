//! Events about availability, from changes of the stock. Orders do not tell it
//! themselves: whoever gives goods back would have to read the stock before. Here it is
//! compared, after each event that may have changed it, with what was told last.

use futures::{TryStreamExt as _, stream};
use shared::{Failure, id::VariantId};

use super::Replicas;

/// Stocks that are compared at once.
const AT_ONCE: usize = 8;

/// Number of times that a stock may change while it is told.
const ROUNDS: usize = 5;

impl Replicas {
    /// Tells the availability of variants, where it is another than was told.
    pub(super) async fn tell_availabilities(
        &self,
        variants: impl Iterator<Item = VariantId>,
    ) -> Result<(), Failure> {
        let variants: Vec<VariantId> = variants.collect();
        stream::iter(variants.iter().map(Ok))
            .try_for_each_concurrent(AT_ONCE, |variant| self.tell_availability(variant))
            .await
    }

    /// Tells the availability of a variant, where it is another than was told. It is
    /// read again after it was told: whoever changed the stock in between may have found
    /// that nothing was to tell.
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
