//! Products of several categories, each product once.

use std::collections::HashMap;

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{Failure, id::CategoryId};

use super::{ListedProduct, Selection};
use crate::store::Store;

/// Maximum number of categories to merge; of more, one is read after the other.
const MERGED: usize = 64;

/// Number of categories read at the same time when one is listed after the other.
const CONCURRENCY: usize = 4;

/// Position of a page of a subtree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// In the merged list.
    Merged(String),
    /// In the list of a category, which follows the earlier categories of the tree.
    InTree(CategoryId, String),
}

impl Store {
    /// Lists up to `limit` products of several categories, given in tree order, each
    /// product once, with the position of the next page. `None` if `after` no longer
    /// exists.
    pub async fn list_products_of_all(
        &self,
        categories: &[CategoryId],
        selection: Selection,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Option<Vec<(ListedProduct, Position)>>, Failure> {
        match after {
            Some(Position::Merged(after)) => self.merged(categories, selection, Some(after), limit).await,
            None if categories.len() <= MERGED => self.merged(categories, selection, None, limit).await,
            None => self.in_tree(categories, selection, (0, None), limit).await,
            Some(Position::InTree(category, after)) => {
                match categories.iter().position(|id| *id == category) {
                    Some(from) => {
                        return self
                            .in_tree(categories, selection, (from, Some(after)), limit)
                            .await
                            .map(Some);
                    }
                    None => return Ok(None),
                }
            }
        }
        .map(Some)
    }

    /// Merges all categories: a product of several has the same sort key in each.
    async fn merged(
        &self,
        categories: &[CategoryId],
        selection: Selection,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(ListedProduct, Position)>, Failure> {
        let products = self.list_products(Some(categories), selection, after.as_deref(), limit).await?;
        let place = |product: ListedProduct| {
            let position = Position::Merged(product.sort.clone());
            (product, position)
        };
        Ok(products.into_iter().map(place).collect())
    }

    /// Lists one category after the other: a product of several is shown in the first.
    async fn in_tree(
        &self,
        categories: &[CategoryId],
        selection: Selection,
        (from, mut after): (usize, Option<String>),
        limit: usize,
    ) -> Result<Vec<(ListedProduct, Position)>, Failure> {
        let places: HashMap<CategoryId, usize> =
            categories.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut found = Vec::new();
        let mut next = from;
        while next < categories.len() && found.len() < limit {
            let missing = limit - found.len();
            // A category that continues from a position is read alone.
            let width = if after.is_some() { 1 } else { CONCURRENCY };
            let batch: Vec<CategoryId> = categories[next..].iter().take(width).copied().collect();
            let start = after.take();
            let start = start.as_deref();
            let lists = batch
                .iter()
                .map(|id| self.list_products(Some(std::slice::from_ref(id)), selection, start, missing));
            for (id, products) in batch.iter().zip(try_join_all(lists).await?) {
                let whole = products.len() < missing;
                let last = products.last().map(|last| last.sort.clone());
                let own = places.get(id).copied();
                let first = |product: &ListedProduct| {
                    let others = product.card.category_ids.iter().filter_map(|id| places.get(id).copied());
                    others.min().or(own) == own
                };
                let here = products.into_iter().filter(first).map(|product| {
                    let position = Position::InTree(*id, product.sort.clone());
                    (product, position)
                });
                found.extend(here);
                if whole {
                    next += 1;
                } else {
                    // The category has more, or the page is full.
                    after = last;
                    break;
                }
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}
