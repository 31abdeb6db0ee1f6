//! Products by how their words and SKUs begin, ordered by what matches.

use shared::{
    Failure,
    clock::Timestamp,
    id::ProductId,
    table::{Query, schema},
    vocabulary::ProductStatus,
};

use super::ListedProduct;
use crate::store::Store;

impl Store {
    /// Up to `limit` products with a text that begins with `prefix`, each at the
    /// first of its texts that do.
    pub async fn search_products(
        &self,
        status: ProductStatus,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let key = schema::products_by_words(&status.into(), "", id);
        let mut found: Vec<ListedProduct> = Vec::new();
        let mut after = after.map(str::to_owned);
        loop {
            let query = Query::index(key.clone()).prefix(prefix);
            let missing = limit - found.len();
            let page = self.list(query, after.as_deref(), missing).await?;
            let whole = page.len() < missing;
            after = page.last().map(|last| last.sort.clone());
            found.extend(page.into_iter().filter(|product| {
                let first = product.card.words.iter().filter(|text| text.starts_with(prefix)).min();
                first.is_some_and(|first| product.sort.starts_with(&format!("{first}#")))
            }));
            if whole || found.len() >= limit {
                return Ok(found);
            }
        }
    }
}
