//! Products of a seller, the newest first.

use shared::{
    Failure,
    clock::Timestamp,
    id::{OrganizationId, ProductId},
    table::{Query, schema},
    vocabulary::ProductStatus,
};

use super::{ListedProduct, StatusFilter};
use crate::store::Store;

/// Rows read in a round trip of the platform's list, and maximum round trips for a page.
const ROWS: usize = 100;
const ROUND_TRIPS: usize = 5;

/// Part of the platform's list.
#[derive(Debug)]
pub struct PlatformPart {
    /// Products.
    pub products: Vec<ListedProduct>,
    /// Sort key to continue from, if the list has more that was not read.
    pub reached: Option<String>,
}

impl Store {
    /// Lists up to `limit` products of an organisation.
    pub async fn list_of_organization(
        &self,
        seller: OrganizationId,
        status: StatusFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let keys = status.parts().map(|status| schema::seller_products(seller, &status, id));
        self.list(Query::merged(keys).descending(true), after, limit).await
    }

    /// Lists up to `limit` products of the platform. They have no list of their own: items
    /// of earlier releases would not be in it. Products of organisations are left out of
    /// that of all products, of which 5 times 100 rows are read at most.
    pub async fn list_of_platform(
        &self,
        status: ProductStatus,
        mut after: Option<String>,
        limit: usize,
    ) -> Result<PlatformPart, Failure> {
        let key = schema::products(&status.into(), ProductId::earliest(Timestamp::from_millis(0)));
        let mut products = Vec::new();
        let rows = limit.max(ROWS);
        for _ in 0..ROUND_TRIPS {
            let page = self.list(Query::index(key.clone()).descending(true), after.as_deref(), rows).await?;
            let is_last = page.len() < rows;
            after = page.last().map(|last| last.sort.clone());
            products.extend(page.into_iter().filter(|product| product.card.seller.is_platform()));
            if is_last || products.len() >= limit {
                products.truncate(limit);
                return Ok(PlatformPart { products, reached: None });
            }
        }
        Ok(PlatformPart { products, reached: after })
    }
}
