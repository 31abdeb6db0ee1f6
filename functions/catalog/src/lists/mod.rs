//! Lists of products: here of all, of a category, and of a value of an attribute.

mod search;
mod subtree;

use serde::Deserialize;
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

pub use self::subtree::Position;
use crate::{
    operations,
    product::{ProductCard, ProductSummary},
    store::Store,
    words::normalized,
};

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
