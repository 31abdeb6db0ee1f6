//! Products of several categories, each product once.

use std::collections::HashMap;

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{Failure, id::CategoryId};

use super::{ListedProduct, Selection};
use crate::store::Store;

/// Up to so many categories are merged; of more, one is read after the other.
const MERGED: usize = 64;

/// So many categories are read at once where one comes after the other.
const AT_ONCE: usize = 4;

/// Where a page of a subtree ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// At this place of the merged categories.
    Merged(String),
    /// At this place of a category, behind those that come before it in the tree.
    InTree(CategoryId, String),
}

impl Store {
    /// Up to `limit` products of several categories, which are in the order of the
    /// tree, each product once, with where the next page begins after it. `None`
    /// where `after` is a place that is not there any more.
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

    /// All categories at once: a product of several has the same place in each.
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

    /// One category after the other: a product of several is shown in the first.
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
            // A category that is read on from a place is read alone.
            let width = if after.is_some() { 1 } else { AT_ONCE };
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
                    // More is in it, or there is enough.
                    after = last;
                    break;
                }
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}
