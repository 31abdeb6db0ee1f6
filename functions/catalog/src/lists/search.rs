//! Products by how their words and SKUs begin, ordered by what matches.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    clock::Timestamp,
    id::ProductId,
    table::{Query, schema},
    text::searched,
    vocabulary::ProductStatus,
};

use super::ListedProduct;
use crate::{store::Store, words::former};

/// The words that are searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As [`searched`].
    pub prefix: String,
    /// As rows of earlier releases have them, where that is something else.
    former: Option<String>,
}

impl Words {
    /// `None` for a text without words.
    pub fn of(text: &str) -> Option<Self> {
        let prefix = searched(text);
        let letters = prefix.replace(['+', '♯'], "");
        let former = Some(former::normalized(text)).filter(|former| *former != letters && !former.is_empty());
        (!prefix.is_empty()).then_some(Self { prefix, former })
    }
}

/// End of a page of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchPlace {
    /// At this place of the rows.
    Latest(String),
    /// At this place of rows that an earlier release has written.
    Former(String),
}

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
    /// Each with its place.
    pub products: Vec<(ListedProduct, SearchPlace)>,
    /// The place after which the search continues, where it was cut before it had found
    /// enough or reached the end.
    pub reached: Option<SearchPlace>,
}

/// A part of a search, with the row at which it was cut.
struct Part {
    products: Vec<ListedProduct>,
    reached: Option<String>,
}

impl Store {
    /// Up to `limit` products with a text that begins with the words, each at the
    /// first of its texts that do. Reads at most 5 times 100 rows, or `limit` rows
    /// where that is more, of today's rows and as many of earlier releases'.
    pub async fn search_products(
        &self,
        status: ProductStatus,
        words: &Words,
        after: Option<SearchPlace>,
        limit: usize,
    ) -> Result<Found, Failure> {
        let (mut products, former_after) = match after {
            Some(SearchPlace::Former(after)) => (Vec::new(), Some(after)),
            after => {
                let after = after.map(|place| match place {
                    SearchPlace::Latest(at) | SearchPlace::Former(at) => at,
                });
                let Part { products, reached } =
                    self.search(status, &words.prefix, after, limit, |_| true).await?;
                let products = placed(products, SearchPlace::Latest);
                if let Some(reached) = reached {
                    return Ok(Found { products, reached: Some(SearchPlace::Latest(reached)) });
                }
                (products, None)
            }
        };
        let Some(former) = words.former.as_ref().filter(|_| products.len() < limit) else {
            return Ok(Found { products, reached: None });
        };
        let seen = &words.prefix;
        let rest = self.search(status, former, former_after, limit - products.len(), |product| {
            // Those that are found by the words as they are compared now are above.
            product.card.in_common.is_none()
                && !product.card.words.iter().any(|text| text.starts_with(seen.as_str()))
        });
        let rest = rest.await?;
        products.extend(placed(rest.products, SearchPlace::Former));
        Ok(Found { products, reached: rest.reached.map(SearchPlace::Former) })
    }

    async fn search(
        &self,
        status: ProductStatus,
        prefix: &str,
        mut after: Option<String>,
        limit: usize,
        wanted: impl Fn(&ListedProduct) -> bool,
    ) -> Result<Part, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let key = schema::products_by_words(&status.into(), "", id);
        let mut products: Vec<ListedProduct> = Vec::new();
        let rows = limit.max(ROWS);
        for _ in 0..ROUND_TRIPS {
            let query = Query::index(key.clone()).prefix(prefix);
            let page = self.list(query, after.as_deref(), rows).await?;
            let is_last = page.len() < rows;
            after = page.last().map(|last| last.sort.clone());
            products.extend(page.into_iter().filter(|product| is_first(product, prefix) && wanted(product)));
            if is_last || products.len() >= limit {
                products.truncate(limit);
                return Ok(Part { products, reached: None });
            }
        }
        Ok(Part { products, reached: after })
    }
}

fn placed(
    products: Vec<ListedProduct>,
    place: fn(String) -> SearchPlace,
) -> Vec<(ListedProduct, SearchPlace)> {
    products
        .into_iter()
        .map(|product| {
            let at = place(product.sort.clone());
            (product, at)
        })
        .collect()
}

/// True for the first of a product's rows that begin with `prefix`.
fn is_first(product: &ListedProduct, prefix: &str) -> bool {
    if let Some(in_common) = product.card.in_common {
        return prefix.len() > in_common;
    }
    let first = product.card.words.iter().filter(|text| text.starts_with(prefix)).min();
    first.is_some_and(|first| product.sort.starts_with(&format!("{first}#")))
}
