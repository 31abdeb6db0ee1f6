//! Product writes, for requests and imports alike: new categories are checked against
//! the current tree, and a write that lost against a concurrent one is repeated.

use shared::{
    Failure, Refused,
    clock::Clock,
    http::{Faults, IdempotencyRecord},
    id::CategoryId,
    journal::Folded,
    membership::OrganizationCheck,
    table::item::Stored,
    text::Invalid,
};

use crate::{
    problems::{SKU_TAKEN, SLUG_TAKEN},
    product::{Product, VariantStock},
    store::{Beside, ProductRefusal, Store},
    tree::{Committed, Tree, TreeChange, TreeKeeper, TreeLogEntry},
};

shared::problems! {
    /// Reason for a refused write of a product.
    pub enum WriteProductError {
        SkuTaken => SKU_TAKEN,
        SlugTaken => SLUG_TAKEN,
        Invalid(Faults),
    }
}

/// Outcome of a write that was not refused.
#[derive(Debug)]
pub enum Written<T> {
    /// Written.
    Done(T),
    /// An earlier request has written it.
    Repeated,
    /// A concurrent writer has changed the product.
    Outdated,
    /// The permission of the writer, or the status of the organisation, has changed.
    Denied,
}

/// Writer of products.
#[derive(Debug, Clone)]
pub struct ProductWriter {
    store: Store,
    tree: TreeKeeper,
    clock: Clock,
    low_stock: u64,
}

impl ProductWriter {
    /// Writer to `store`, with the tree of `tree`; `low_stock` is the low-stock
    /// threshold.
    pub fn new(store: Store, tree: TreeKeeper, clock: Clock, low_stock: u64) -> Self {
        Self { store, tree, clock, low_stock }
    }

    /// Creates a product; with a record, once.
    pub async fn create(
        &self,
        product: &Product,
        record: Option<&IdempotencyRecord>,
        check: OrganizationCheck,
    ) -> Result<Written<Stored<Product>>, WriteProductError> {
        let mut product = product.clone();
        product.assume_stock(self.low_stock);
        let product = &product;
        let done = || Stored { entity: product.clone(), version: 1 };
        let new: Vec<CategoryId> = product.category_ids.clone();
        self.write(product, &new, done, |entry| async move {
            let entry = entry.as_ref();
            self.store.create_product(product, Beside { entry, record, check }).await
        })
        .await
    }

    /// Replaces a product, if it has changed.
    pub async fn replace(
        &self,
        before: &Stored<Product>,
        mut after: Product,
        check: OrganizationCheck,
    ) -> Result<Written<Stored<Product>>, WriteProductError> {
        if before.entity.changed(&after).is_empty() {
            return Ok(Written::Done(before.clone()));
        }
        after.updated_at = self.clock.now();
        after.revision = None;
        after.tagged_version = None;
        after.assume_stock(self.low_stock);
        let after = &after;
        let new = after.category_ids.iter().copied();
        let new: Vec<CategoryId> = new.filter(|id| !before.entity.category_ids.contains(id)).collect();
        let done = || Stored { entity: after.clone(), version: before.version + 1 };
        self.write(after, &new, done, |entry| async move {
            let entry = entry.as_ref();
            self.store.replace_product(before, after, Beside { entry, record: None, check }).await
        })
        .await
    }

    /// Records the availability of a variant, with the version of its event. The
    /// product's own version stays, so that a client's `If-Match` stays valid.
    pub async fn note_availability(
        &self,
        before: &Stored<Product>,
        told: VariantStock,
    ) -> Result<Written<()>, Failure> {
        let mut after = before.entity.clone();
        match after.stock.iter_mut().find(|known| known.id == told.id) {
            Some(known) if known.version >= told.version => return Ok(Written::Done(())),
            Some(known) => *known = told,
            None => after.stock.push(told),
        }
        after.assume_stock(self.low_stock);
        self.rewrite(before, after, OrganizationCheck::None).await
    }

    /// Withholds a product from the public, or shows it again. The product's own version
    /// stays, as with its availability.
    pub async fn set_withheld(
        &self,
        before: &Stored<Product>,
        withheld: bool,
        check: OrganizationCheck,
    ) -> Result<Written<()>, Failure> {
        if before.entity.withheld == withheld {
            return Ok(Written::Done(()));
        }
        self.rewrite(before, Product { withheld, ..before.entity.clone() }, check).await
    }

    /// Replaces a product by one with the same version for callers, and another `ETag`.
    async fn rewrite(
        &self,
        before: &Stored<Product>,
        after: Product,
        check: OrganizationCheck,
    ) -> Result<Written<()>, Failure> {
        let revision = Some(before.entity.revision(before.version));
        let after = Product { revision, tagged_version: None, ..after };
        let beside = Beside { check, ..Beside::default() };
        match self.store.replace_product(before, &after, beside).await {
            Ok(()) => Ok(Written::Done(())),
            Err(Refused::By(ProductRefusal::Outdated)) => Ok(Written::Outdated),
            Err(Refused::By(ProductRefusal::Denied)) => Ok(Written::Denied),
            Err(Refused::Failed(failure)) => Err(failure),
            Err(Refused::By(refusal)) => {
                Err(Failure::internal(format!("a rewrite was refused: {refusal:?}")))
            }
        }
    }

    /// Deletes a product.
    pub async fn delete(
        &self,
        before: &Stored<Product>,
        check: OrganizationCheck,
    ) -> Result<Written<()>, Failure> {
        let beside = Beside { check, ..Beside::default() };
        match self.store.delete_product(before, self.clock.now(), beside).await {
            Ok(()) => Ok(Written::Done(())),
            Err(Refused::By(ProductRefusal::Outdated)) => Ok(Written::Outdated),
            Err(Refused::By(ProductRefusal::Denied)) => Ok(Written::Denied),
            Err(Refused::Failed(failure)) => Err(failure),
            Err(Refused::By(refusal)) => {
                Err(Failure::internal(format!("a deletion was refused: {refusal:?}")))
            }
        }
    }

    /// Writes with `send`, which gets the change of the tree if a category of `new` has
    /// its first product.
    async fn write<F>(
        &self,
        product: &Product,
        new: &[CategoryId],
        done: impl Fn() -> Stored<Product>,
        send: impl Fn(Option<TreeLogEntry>) -> F,
    ) -> Result<Written<Stored<Product>>, WriteProductError>
    where
        F: Future<Output = Result<(), Refused<ProductRefusal>>>,
    {
        let outcome = |sent: Result<(), Refused<ProductRefusal>>| match sent {
            Ok(()) => Ok(Some(Written::Done(done()))),
            Err(Refused::Failed(failure)) => Err(failure.into()),
            Err(Refused::By(refusal)) => match refusal {
                ProductRefusal::Repeated => Ok(Some(Written::Repeated)),
                ProductRefusal::Outdated => Ok(Some(Written::Outdated)),
                ProductRefusal::Denied => Ok(Some(Written::Denied)),
                ProductRefusal::Overtaken => Ok(None),
                ProductRefusal::SkuTaken => Err(WriteProductError::SkuTaken),
                ProductRefusal::SlugTaken => Err(WriteProductError::SlugTaken),
                ProductRefusal::TooMuch => Err(WriteProductError::Invalid(Faults::one(
                    "",
                    Invalid::new(
                        "too_many_changes",
                        "The request changes too much at once: split it into several requests.",
                    ),
                ))),
            },
        };
        if new.is_empty() {
            let done = outcome(send(None).await)?;
            return done.ok_or_else(|| Failure::unavailable("a category was deleted concurrently").into());
        }
        let (outcome, send) = (&outcome, &send);
        self.tree
            .commit(|tree| async move {
                known_categories(&tree, product, new)?;
                let entry = populate(&tree, new)?;
                Ok(match outcome(send(entry.clone()).await)? {
                    Some(written) => {
                        let entry = entry.filter(|_| matches!(written, Written::Done(_)));
                        Committed::Done(written, entry)
                    }
                    None => Committed::Overtaken,
                })
            })
            .await
    }
}

/// Refuses new categories that do not exist. A category that the product had before and
/// that is deleted since is removed by the consumer.
fn known_categories(tree: &Tree, product: &Product, new: &[CategoryId]) -> Result<(), Faults> {
    let mut faults = Faults::default();
    for (index, id) in product.category_ids.iter().enumerate() {
        if new.contains(id) && tree.get(*id).is_none() {
            let invalid = Invalid::new("unknown_category", "The category does not exist.");
            faults.add(format!("/category_ids/{index}"), invalid);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Log entry that marks these categories as having had a product.
fn populate(tree: &Folded<Tree>, categories: &[CategoryId]) -> Result<Option<TreeLogEntry>, Failure> {
    let first = categories.iter().filter(|id| tree.get(**id).is_some_and(|node| !node.populated));
    let changes: Vec<TreeChange> = first.map(|id| TreeChange::Populate { id: *id }).collect();
    if changes.is_empty() { Ok(None) } else { TreeLogEntry::after(tree, &changes).map(Some) }
}
