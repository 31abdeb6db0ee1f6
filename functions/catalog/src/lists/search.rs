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

/// Where a page of a search ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchPlace {
    /// At this place of the rows.
    Latest(String),
    /// At this place of rows that an earlier release has written.
    Former(String),
}

impl Store {
    /// Up to `limit` products with a text that begins with the words, each at the
    /// first of its texts that do.
    pub async fn search_products(
        &self,
        status: ProductStatus,
        words: &Words,
        after: Option<SearchPlace>,
        limit: usize,
    ) -> Result<Vec<(ListedProduct, SearchPlace)>, Failure> {
        let (mut found, former_after) = match after {
            Some(SearchPlace::Former(after)) => (Vec::new(), Some(after)),
            Some(SearchPlace::Latest(after)) => {
                (self.latest(status, &words.prefix, Some(after), limit).await?, None)
            }
            None => (self.latest(status, &words.prefix, None, limit).await?, None),
        };
        if let Some(former) = &words.former
            && found.len() < limit
        {
            let missing = limit - found.len();
            let seen = &words.prefix;
            let rest = self.search(status, former, former_after, missing, |product| {
                // Those that are found by the words as they are compared now are above.
                product.card.in_common.is_none()
                    && !product.card.words.iter().any(|text| text.starts_with(seen.as_str()))
            });
            found.extend(rest.await?.into_iter().map(|product| {
                let place = SearchPlace::Former(product.sort.clone());
                (product, place)
            }));
        }
        Ok(found)
    }

    async fn latest(
        &self,
        status: ProductStatus,
        prefix: &str,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(ListedProduct, SearchPlace)>, Failure> {
        let found = self.search(status, prefix, after, limit, |_| true).await?;
        Ok(found
            .into_iter()
            .map(|product| {
                let place = SearchPlace::Latest(product.sort.clone());
                (product, place)
            })
            .collect())
    }

    async fn search(
        &self,
        status: ProductStatus,
        prefix: &str,
        mut after: Option<String>,
        limit: usize,
        wanted: impl Fn(&ListedProduct) -> bool,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let key = schema::products_by_words(&status.into(), "", id);
        let mut found: Vec<ListedProduct> = Vec::new();
        loop {
            let query = Query::index(key.clone()).prefix(prefix);
            let missing = limit - found.len();
            let page = self.list(query, after.as_deref(), missing).await?;
            let whole = page.len() < missing;
            after = page.last().map(|last| last.sort.clone());
            found.extend(page.into_iter().filter(|product| is_first(product, prefix) && wanted(product)));
            if whole || found.len() >= limit {
                return Ok(found);
            }
        }
    }
}

/// True for the first of a product's rows that begin with `prefix`.
fn is_first(product: &ListedProduct, prefix: &str) -> bool {
    if let Some(in_common) = product.card.in_common {
        return prefix.len() > in_common;
    }
    let first = product.card.words.iter().filter(|text| text.starts_with(prefix)).min();
    first.is_some_and(|first| product.sort.starts_with(&format!("{first}#")))
}
