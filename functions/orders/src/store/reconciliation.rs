//! What a reconciliation reads. No function does it: an operator does.

use std::collections::BTreeMap;

use shared::{
    Failure,
    clock::Timestamp,
    id::{OrderId, ProductId},
    table::{
        Consistency, Query, schema,
        units::{Operation, Units},
    },
    text::Sku,
    vocabulary::OrderStatus,
};

use super::{GET_ORDER, LIST_ORDERS, Store};
use crate::{offer::ProductSkus, order::Order};

/// Lists all products. No function does, so it is in no list of what they do.
const LIST_PRODUCTS: Operation =
    Operation { name: "orders.list_products", budget: Units { round_trips: 1, read: 0.5, write: 0.0 } };

/// How many items a read asks for.
const AT_ONCE: usize = 100;

impl Store {
    /// Every sku that there is an offer of, or may be.
    pub(crate) async fn list_skus(&self) -> Result<Vec<Sku>, Failure> {
        let key = schema::offered_products(ProductId::from_bytes([0; 16]));
        let products = self.table.operation(&LIST_PRODUCTS);
        let products = products.list_cards::<ProductSkus>(Query::index(key)).await?;
        Ok(products
            .into_iter()
            .flat_map(|product| product.card.now.into_iter().chain(product.card.former))
            .collect())
    }

    /// How many of each cell of a stock the orders hold that are reserved. The list
    /// of them may lag behind; each is read as it is at this moment.
    pub(crate) async fn count_reserved(&self) -> Result<BTreeMap<(Sku, Option<u8>), u64>, Failure> {
        let any = OrderId::from_bytes([0; 16]);
        let origin = Timestamp::from_millis(0);
        let query = Query::index(schema::orders_by_status(&OrderStatus::Reserved.into(), origin, any));
        let orders = self.list(&LIST_ORDERS, query, None, usize::MAX).await?;
        let mut held = BTreeMap::new();
        for orders in orders.chunks(AT_ONCE) {
            let keys = || orders.iter().map(|order| schema::order(order.id));
            let access = self.table.operation_on(&GET_ORDER, orders.len());
            let mut found = access.get_many(keys(), Consistency::Strong).await?;
            for key in keys() {
                let order = found.take::<Order>(key)?.map(|order| order.entity);
                let order = order.filter(|order| order.card.status == OrderStatus::Reserved);
                for line in order.into_iter().flat_map(|order| order.lines) {
                    for taken in line.taken {
                        *held.entry((line.sku.clone(), taken.bucket)).or_default() +=
                            u64::from(taken.quantity);
                    }
                }
            }
        }
        Ok(held)
    }
}
