//! Numbers of products of an organisation. Its list may lag behind the writes; the numbers do
//! not, and tell if a walk over the list has missed a product.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    id::OrganizationId,
    table::{
        Expression, Transaction, Update,
        item::{Entity, Stored},
        schema::{self, Key},
    },
};

use super::{ProductRefusal, Store};
use crate::{operations, product::Product};

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SellerCount {
    seller: OrganizationId,
    #[serde(default)]
    products: i64,
    #[serde(default)]
    withheld: i64,
}

impl Entity for SellerCount {
    const TYPE: &'static str = "seller_count";

    fn key(&self) -> Key {
        schema::seller_count(self.seller)
    }
}

impl Store {
    /// Number of products of an organisation that are withheld from the public, or of the
    /// others.
    pub async fn count_of_seller(&self, seller: OrganizationId, withheld: bool) -> Result<i64, Failure> {
        let access = self.table.operation(&operations::GET_SELLER_COUNT);
        let count: Option<Stored<SellerCount>> = access.get(schema::seller_count(seller)).await?;
        let count = count.map(|count| count.entity);
        Ok(count.map_or(0, |count| if withheld { count.withheld } else { count.products - count.withheld }))
    }
}

/// Adds the change of the numbers to a transaction, if there is one.
pub(super) fn with_seller_count<'t>(
    transaction: Transaction<'t, ProductRefusal>,
    before: Option<&Product>,
    after: Option<&Product>,
) -> Transaction<'t, ProductRefusal> {
    let seller = before.or(after).and_then(|product| product.seller.organization());
    let of = |product: Option<&Product>| {
        (i64::from(product.is_some()), i64::from(product.is_some_and(|product| product.withheld)))
    };
    let (was, will) = (of(before), of(after));
    let Some(seller) = seller.filter(|_| was != will) else { return transaction };
    let update = Expression::new(
        "#seller = :seller, #products = if_not_exists(#products, :none) + :products, \
         #withheld = if_not_exists(#withheld, :none) + :withheld",
    );
    let update = update
        .text(":seller", seller)
        .number(":none", 0)
        .number(":products", will.0 - was.0)
        .number(":withheld", will.1 - was.1);
    transaction.update::<SellerCount>(schema::seller_count(seller), Update::set(update))
}
