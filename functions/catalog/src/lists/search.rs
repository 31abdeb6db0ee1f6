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

/// Rows that a round trip reads: a product has a row for each of its words, and
/// shows at the first that matches. Of 10,000
/// products whose words share an initial one row in two is dropped: with as many
/// rows as products were missing, the end of a list took a round trip for each two.
const ROWS: usize = 100;

/// Round trips of a page: then it is answered with what was found, and a cursor.
const ROUND_TRIPS: usize = 5;

/// Products that a search has found.
#[derive(Debug)]
pub struct Found {
    /// As many as were looked for, where `reached` is none and there are that many.
    pub products: Vec<ListedProduct>,
    /// The row after which the search continues, where it was cut before it had
    /// found enough or reached the end.
    pub reached: Option<String>,
}

impl Store {
    /// Up to `limit` products with a text that begins with `prefix`, each at the
    /// first of its texts that do. Reads at most 5 times 100 rows, or `limit` rows
    /// where that is more.
    pub async fn search_products(
        &self,
        status: ProductStatus,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Found, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let key = schema::products_by_words(&status.into(), "", id);
        let mut products: Vec<ListedProduct> = Vec::new();
        let mut after = after.map(str::to_owned);
        let rows = limit.max(ROWS);
        for _ in 0..ROUND_TRIPS {
            let query = Query::index(key.clone()).prefix(prefix);
            let page = self.list(query, after.as_deref(), rows).await?;
            let is_last = page.len() < rows;
            after = page.last().map(|last| last.sort.clone());
            products.extend(page.into_iter().filter(|product| {
                let first = product.card.words.iter().filter(|text| text.starts_with(prefix)).min();
                first.is_some_and(|first| product.sort.starts_with(&format!("{first}#")))
            }));
            if is_last || products.len() >= limit {
                products.truncate(limit);
                return Ok(Found { products, reached: None });
            }
        }
        Ok(Found { products, reached: after })
    }
}
