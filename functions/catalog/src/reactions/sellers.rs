//! Products of organisations that are blocked, closed or deleted: they are withheld from the
//! public, and shown again when the organisation is active.

use shared::{
    Failure,
    bus::batch::Delivery,
    clock::Timestamp,
    id::{OrganizationId, ProductId},
    listed_status::ListedStatus,
    membership::OrganizationCheck,
    table::{Attempt, Listed, Query, optimistic, schema},
    vocabulary::OrganizationStatus,
    walk::{PAGE, Page, Walk},
};

use super::Listener;
use crate::{operations, product::ProductCard, writer::Written};

/// Items of a page in work at the same time: every product's transaction changes the numbers
/// of the seller, so two would conflict.
const CONCURRENCY: usize = 1;

impl Listener {
    /// Withholds the products of an organisation that is not active, and shows those of an
    /// active one. Deliveries come in any order: the present status counts.
    pub(super) async fn seller_status_changed(
        &self,
        delivery: &Delivery,
        seller: OrganizationId,
    ) -> Result<(), Failure> {
        let withheld = self.must_be_withheld(seller).await?;
        let list = |after| self.products_of(seller, after);
        let set = |id| self.set_withheld(seller, id, withheld);
        match self.walker.walk(delivery, CONCURRENCY, list, set).await? {
            Walk::Finished => self.check_seller(seller, withheld).await,
            Walk::Continued => Ok(()),
        }
    }

    async fn must_be_withheld(&self, seller: OrganizationId) -> Result<bool, Failure> {
        let status = self.store.get_organization_status(seller).await?;
        Ok(status.is_none_or(|status| status != OrganizationStatus::Active))
    }

    /// Fails while a product has been missed: the list may lag, the numbers do not. After
    /// another change of the status, the walk of that change does the rest.
    async fn check_seller(&self, seller: OrganizationId, withheld: bool) -> Result<(), Failure> {
        let left = || self.store.count_of_seller(seller, !withheld);
        if left().await? <= 0 || self.must_be_withheld(seller).await? != withheld {
            return Ok(());
        }
        for late in self.products_of(seller, None).await?.items {
            self.set_withheld(seller, late, withheld).await?;
        }
        match left().await? {
            ..=0 => Ok(()),
            _ => Err(Failure::unavailable("some products of an organisation are not listed yet")),
        }
    }

    /// A page of the products of an organisation in every status, after the sort key `after`.
    async fn products_of(
        &self,
        seller: OrganizationId,
        after: Option<String>,
    ) -> Result<Page<ProductId, String>, Failure> {
        let first = ProductId::earliest(Timestamp::from_millis(0));
        let keys = ListedStatus::all().map(|status| schema::seller_products(seller, &status, first));
        let query = Query::merged(keys).after(after).limit(PAGE);
        let operation = self.table.operation_on(&operations::LIST_SELLER, query.partitions());
        let listed = operation.list_cards::<ProductCard>(query).await?;
        let Page { items, next } = Page::of(listed, PAGE, |last| last.sort.clone());
        let items = items.iter().map(Listed::id).collect::<Result<_, Failure>>()?;
        Ok(Page { items, next })
    }

    /// Withholds a product or shows it, on the condition that the organisation still has the
    /// status for it. Otherwise the walk of the later change does the same.
    async fn set_withheld(
        &self,
        seller: OrganizationId,
        id: ProductId,
        withheld: bool,
    ) -> Result<(), Failure> {
        let check =
            if withheld { OrganizationCheck::Inactive(seller) } else { OrganizationCheck::Active(seller) };
        optimistic(|| async move {
            let Some(before) = self.store.get_product(id).await? else { return Ok(Attempt::Done(())) };
            Ok(match self.writer.set_withheld(&before, withheld, check).await? {
                Written::Done(()) | Written::Repeated | Written::Denied => Attempt::Done(()),
                Written::Outdated => Attempt::Retry,
            })
        })
        .await
    }
}
