//! Lists of products: here of all, of a category, and of a value of an attribute.

mod search;
mod subtree;

use serde::Deserialize;
use shared::{
    Failure,
    clock::Timestamp,
    id::{CategoryId, ProductId},
    money::{Currency, Money, Sortable},
    table::{
        Listed, Query,
        schema::{self, IndexKey},
    },
    text::compared,
    vocabulary::ProductStatus,
};
use utoipa::ToSchema;

pub use self::{
    search::{Found, SearchPlace, Words},
    subtree::Position,
};
use crate::{
    operations,
    product::{ProductCard, ProductSummary},
    store::Store,
    words::former,
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
    /// The products of all statuses, the newest first. One whose status changes while
    /// pages are read keeps its place.
    pub fn of_every_status() -> Query {
        let first = ProductId::earliest(Timestamp::from_millis(0));
        let keys = ProductStatus::ALL.iter().map(|status| schema::products(&(*status).into(), first));
        Query::merged(keys).descending(true)
    }

    /// The products of all, or of each of these categories.
    fn query(self, scope: Option<&[CategoryId]>) -> Query {
        let query = match scope {
            None => Query::index(self.key(None)),
            Some(categories) => Query::merged(categories.iter().map(|category| self.key(Some(*category)))),
        };
        let mut query = query.descending(self.order.descending());
        if let Some(PriceRange { currency, least, most }) = self.range {
            query = query.prefix(&format!("{currency}#"));
            if let Some(amount) = least {
                // Prices have twelve digits in keys: no product costs more.
                query = match amount {
                    ..=Money::MAX_AMOUNT => query.from(Sortable(Money { amount, currency }).to_string()),
                    _ => query.from(format!("{currency}#{}", char::MAX)),
                };
            }
            if let Some(amount) = most {
                let amount = amount.min(Money::MAX_AMOUNT);
                query = query.to(format!("{}#{}", Sortable(Money { amount, currency }), char::MAX));
            }
        }
        query
    }

    /// A key of the partition that has the list.
    fn key(self, scope: Option<CategoryId>) -> IndexKey {
        let (status, id) = (&self.status.into(), ProductId::earliest(Timestamp::from_millis(0)));
        let nothing = Sortable(Money::zero(self.range.map_or(Currency::EUR, |range| range.currency)));
        match (scope, self.order) {
            (None, Order::Newest) => schema::products(status, id),
            (None, Order::Cheapest | Order::Dearest) => schema::products_by_price(status, nothing, id),
            (None, Order::Title) => schema::products_by_title(status, "", id),
            (Some(category), Order::Newest) => schema::category_products(category, status, id),
            (Some(category), Order::Cheapest | Order::Dearest) => {
                schema::category_products_by_price(category, status, nothing, id)
            }
            (Some(category), Order::Title) => schema::category_products_by_title(category, status, "", id),
        }
    }
}

impl Store {
    /// Up to `limit` products of all, or of categories, each once, after the place
    /// `after`.
    pub async fn list_products(
        &self,
        scope: Option<&[CategoryId]>,
        selection: Selection,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        self.list(selection.query(scope), after, limit).await
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
        let status = &status.into();
        let keys = [
            schema::products_by_value(status, attribute, &compared(value), id),
            // Of products that an earlier release has written, which compared less.
            schema::products_by_attribute(status, attribute, &former::normalized(value), id),
        ];
        self.list(Query::merged(keys).descending(true), after, limit).await
    }

    /// Up to `limit` products of every status, the newest first, each once.
    pub async fn list_every_product(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        self.list(Selection::of_every_status(), after, limit).await
    }

    async fn list(
        &self,
        query: Query,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let query = query.after(after).limit(limit);
        let access = self.table().operation_on(&operations::LIST_PRODUCTS, query.partitions());
        access.list_cards(query).await?.into_iter().map(ListedProduct::try_from).collect()
    }
}

impl TryFrom<Listed<ProductCard>> for ListedProduct {
    type Error = Failure;

    fn try_from(listed: Listed<ProductCard>) -> Result<Self, Failure> {
        Ok(Self { id: listed.id()?, sort: listed.sort, card: listed.card })
    }
}
