//! Status of listed products, and the parts of a list that have them.

use shared::{listed_status::ListedStatus, vocabulary::ProductStatus};

use crate::product::Product;

/// Filter by status, as far as a reader may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusFilter {
    /// Status.
    pub status: ProductStatus,
    /// True if products are included that are withheld from the public.
    pub withheld: bool,
}

impl StatusFilter {
    /// Parts of a list that have these products.
    pub fn parts(self) -> impl Iterator<Item = ListedStatus> {
        let withheld = ListedStatus::of(&self.status.into(), self.withheld);
        let shown = ListedStatus::from(self.status);
        let withheld = Some(withheld).filter(|withheld| *withheld != shown);
        [shown].into_iter().chain(withheld)
    }

    /// True for one of these products.
    pub fn includes(self, product: &Product) -> bool {
        let listed = product.listed_status();
        self.parts().any(|part| part == listed)
    }
}
