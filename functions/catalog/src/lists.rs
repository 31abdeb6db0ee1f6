//! Lists of products: of all, of a category, of a subtree of categories, and
//! searches.

use std::collections::HashMap;

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::events::ProductStatus,
    clock::Timestamp,
    id::{CategoryId, ProductId},
    money::{Currency, Money, Sortable},
    table::{
        Listed, Query,
        schema::{self, IndexKey},
    },
};
use utoipa::ToSchema;

use crate::{
    operations,
    product::{ProductCard, ProductSummary},
    store::Store,
    words::normalized,
};

/// Up to so many categories are merged; of more, one is read after the other.
const MERGED: usize = 64;

/// So many categories are read at once where one comes after the other.
const AT_ONCE: usize = 4;

/// An order of products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Order {
    /// The newest first.
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    /// The cheapest first, one currency after the other.
    #[serde(rename = "price")]
    Cheapest,
    /// The dearest first.
    #[serde(rename = "-price")]
    Dearest,
    /// By title.
    #[serde(rename = "title")]
    Title,
}

impl Order {
    fn descending(self) -> bool {
        match self {
            Self::Newest | Self::Dearest => true,
            Self::Cheapest | Self::Title => false,
        }
    }
}

/// Which prices.
#[derive(Debug, Clone, Copy)]
pub struct PriceRange {
    /// Of which currency.
    pub currency: Currency,
    /// No less.
    pub least: Option<i64>,
    /// No more.
    pub most: Option<i64>,
}

/// Which products, and in which order.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// Of which status.
    pub status: ProductStatus,
    /// In which order.
    pub order: Order,
    /// Of which prices, where the order is by them.
    pub range: Option<PriceRange>,
}

/// A product as a list has it.
#[derive(Debug, Clone)]
pub struct ListedProduct {
    /// Which.
    pub id: ProductId,
    /// Where it stands in its list.
    pub sort: String,
    /// What the list shows.
    pub card: ProductCard,
}

impl From<ListedProduct> for ProductSummary {
    fn from(listed: ListedProduct) -> Self {
        Self::new(listed.id, listed.card)
    }
}

/// Where a page of a subtree ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// At this place of the merged categories.
    Merged(String),
    /// At this place of a category, behind those that come before it in the tree.
    InTree(CategoryId, String),
}

impl Selection {
    fn query(self, scope: Option<CategoryId>) -> Query {
        let (status, id) = (self.status, ProductId::earliest(Timestamp::from_millis(0)));
        // Only the partition is taken of these keys.
        let nothing = Sortable(Money::zero(self.range.map_or(Currency::EUR, |range| range.currency)));
        let IndexKey { index, key } = match (scope, self.order) {
            (None, Order::Newest) => schema::products(status, id),
            (None, Order::Cheapest | Order::Dearest) => schema::products_by_price(status, nothing, id),
            (None, Order::Title) => schema::products_by_title(status, "", id),
            (Some(category), Order::Newest) => schema::category_products(category, status, id),
            (Some(category), Order::Cheapest | Order::Dearest) => {
                schema::category_products_by_price(category, status, nothing, id)
            }
            (Some(category), Order::Title) => schema::category_products_by_title(category, status, "", id),
        };
        let mut query = Query::index(index, key.pk).descending(self.order.descending());
        if let Some(PriceRange { currency, least, most }) = self.range {
            query = query.prefix(&format!("{currency}#"));
            if let Some(amount) = least {
                query = query.from(Sortable(Money { amount, currency }).to_string());
            }
            if let Some(amount) = most {
                query = query.to(format!("{}#{}", Sortable(Money { amount, currency }), char::MAX));
            }
        }
        query
    }
}

impl Store {
    /// Up to `limit` products of all, or of a category, behind the place `after`.
    pub async fn list_products(
        &self,
        scope: Option<CategoryId>,
        selection: Selection,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        self.list(selection.query(scope), selection.order.descending(), after, limit).await
    }

    /// Up to `limit` products with a value of an attribute, the newest first.
    pub async fn list_by_attribute(
        &self,
        status: ProductStatus,
        (attribute, value): (&str, &str),
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let IndexKey { index, key } =
            schema::products_by_attribute(status, attribute, &normalized(value), id);
        self.list(Query::index(index, key.pk).descending(true), true, after, limit).await
    }

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
        let IndexKey { index, key } = schema::products_by_words(status, "", id);
        let mut found: Vec<ListedProduct> = Vec::new();
        let mut after = after.map(str::to_owned);
        loop {
            let query = Query::index(index, key.pk.clone()).prefix(prefix);
            let missing = limit - found.len();
            let page = self.list(query, false, after.as_deref(), missing).await?;
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
        let after = after.as_deref();
        let lists = categories.iter().map(|id| self.list_products(Some(*id), selection, after, limit));
        let mut products: Vec<ListedProduct> = try_join_all(lists).await?.into_iter().flatten().collect();
        products.sort_by(|one, other| one.sort.cmp(&other.sort));
        products.dedup_by(|one, other| one.id == other.id);
        if selection.order.descending() {
            products.reverse();
        }
        products.truncate(limit);
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
            let lists = batch.iter().map(|id| self.list_products(Some(*id), selection, start, missing));
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

    async fn list(
        &self,
        query: Query,
        descending: bool,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        // One more than wanted: the one behind which it goes on is among them.
        let mut query = query.limit(limit + 1);
        query = match after {
            Some(after) if descending => query.to(after),
            Some(after) => query.from(after),
            None => query,
        };
        let cards =
            self.table().operation(&operations::LIST_PRODUCTS).list_cards::<ProductCard>(query).await?;
        let cards = cards.into_iter().filter(|listed| Some(listed.sort.as_str()) != after).take(limit);
        cards.map(listed).collect()
    }
}

fn listed(Listed { pk, sort, card }: Listed<ProductCard>) -> Result<ListedProduct, Failure> {
    let id = pk.strip_prefix("PRODUCT#").and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Failure::internal("an index lists what is no product"))?;
    Ok(ListedProduct { id, sort, card })
}
