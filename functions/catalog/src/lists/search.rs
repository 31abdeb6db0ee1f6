//! Product search by prefixes of title words and SKUs, ordered by the matching text.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    clock::Timestamp,
    id::ProductId,
    table::{Query, schema},
    text::searched,
};

use super::{ListedProduct, StatusFilter};
use crate::{store::Store, words::former};

/// Search words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As [`searched`].
    pub prefix: String,
    /// The words as rows of an earlier release have them, if those differ.
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

/// Position of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchPlace {
    /// In the current rows.
    Latest(String),
    /// In the rows of an earlier release.
    Former(String),
}

/// Rows read in a round trip. A product has a row for each of its words, and is shown
/// at the first match. Of 10,000 products whose words share an initial, every second
/// row is dropped: with a limit equal to the missing products, the end of a list took
/// one round trip for each two.
const ROWS: usize = 100;

/// Maximum round trips for a page, in the current and the former rows together: then it
/// ends early, with a cursor.
pub const ROUND_TRIPS: usize = 5;

/// Result of a search.
#[derive(Debug)]
pub struct Found {
    /// Products, each with its position.
    pub products: Vec<(ListedProduct, SearchPlace)>,
    /// Position to continue from, if the search ended before it had enough products or
    /// reached the end.
    pub reached: Option<SearchPlace>,
}

/// Part of a search, with the row at which it ended.
struct Part {
    products: Vec<ListedProduct>,
    reached: Option<String>,
}

impl Store {
    /// Finds up to `limit` products with a text that begins with the words, each at the
    /// first of its matching texts. Reads at most `round_trips` times 100 rows, or `limit`
    /// rows if that is more, of the current rows and then of those of earlier releases.
    pub async fn search_products(
        &self,
        status: StatusFilter,
        words: &Words,
        after: Option<SearchPlace>,
        limit: usize,
        mut round_trips: usize,
    ) -> Result<Found, Failure> {
        let left = &mut round_trips;
        let (mut products, former_after) = match after {
            Some(SearchPlace::Former(after)) => (Vec::new(), Some(after)),
            after => {
                let after = after.map(|place| match place {
                    SearchPlace::Latest(at) | SearchPlace::Former(at) => at,
                });
                let Part { products, reached } =
                    self.search(status, &words.prefix, after, (limit, &mut *left), |_| true).await?;
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
        let missing = limit - products.len();
        let rest = self.search(status, former, former_after, (missing, left), |product| {
            // Products with current rows were found above.
            product.card.in_common.is_none()
                && !product.card.words.iter().any(|text| text.starts_with(seen.as_str()))
        });
        let rest = rest.await?;
        products.extend(placed(rest.products, SearchPlace::Former));
        Ok(Found { products, reached: rest.reached.map(SearchPlace::Former) })
    }

    async fn search(
        &self,
        status: StatusFilter,
        prefix: &str,
        after: Option<String>,
        (limit, round_trips): (usize, &mut usize),
        wanted: impl Fn(&ListedProduct) -> bool,
    ) -> Result<Part, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let keys = status.parts().map(|status| schema::products_by_words(&status, "", id));
        let query = Query::merged(keys).prefix(prefix);
        let mut products: Vec<ListedProduct> = Vec::new();
        let rows = limit.max(ROWS);
        // Before the first row, if no round trip is left for it.
        let mut reached = after.unwrap_or_default();
        while *round_trips > 0 {
            *round_trips -= 1;
            let after = Some(reached.as_str()).filter(|at| !at.is_empty());
            let page = self.list(query.clone(), after, rows).await?;
            let is_last = page.len() < rows;
            reached = page.last().map(|last| last.sort.clone()).unwrap_or(reached);
            products.extend(page.into_iter().filter(|product| is_first(product, prefix) && wanted(product)));
            if is_last || products.len() >= limit {
                products.truncate(limit);
                return Ok(Part { products, reached: None });
            }
        }
        Ok(Part { products, reached: Some(reached) })
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
