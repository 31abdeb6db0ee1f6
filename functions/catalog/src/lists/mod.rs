//! Product lists: of all products, of a category, of a seller, and of a value of an
//! attribute.

mod search;
mod seller;
mod status;
mod subtree;

use serde::Deserialize;
use shared::{
    Failure,
    clock::Timestamp,
    id::{CategoryId, ProductId},
    listed_status::ListedStatus,
    money::{Currency, Money, Sortable},
    table::{
        Listed, Query,
        schema::{self, IndexKey},
    },
    text::compared,
};
use utoipa::ToSchema;

pub use self::{
    search::{Found, ROUND_TRIPS, SearchPlace, Words},
    seller::PlatformPart,
    status::StatusFilter,
    subtree::Position,
};
use crate::{
    operations,
    product::{ProductCard, ProductSummary},
    store::Store,
    words::former,
};

/// Sort order of products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Order {
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    /// Cheapest first, grouped by currency.
    #[serde(rename = "price")]
    Cheapest,
    /// Most expensive first.
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

/// Price range.
#[derive(Debug, Clone, Copy)]
pub struct PriceRange {
    /// Currency.
    pub currency: Currency,
    /// Minimum, inclusive, in minor units.
    pub least: Option<i64>,
    /// Maximum, inclusive, in minor units.
    pub most: Option<i64>,
}

/// Filters and order of a list.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// Status.
    pub status: StatusFilter,
    /// Sort order.
    pub order: Order,
    /// Price range, for an order by price only.
    pub range: Option<PriceRange>,
}

/// Entry of a product list.
#[derive(Debug, Clone)]
pub struct ListedProduct {
    /// Id.
    pub id: ProductId,
    /// Sort key in the list.
    pub sort: String,
    /// Attributes that lists show.
    pub card: ProductCard,
}

impl From<ListedProduct> for ProductSummary {
    fn from(listed: ListedProduct) -> Self {
        Self::new(listed.id, listed.card)
    }
}

impl Selection {
    /// Query of the products of every status, the newest first. A product whose status
    /// changes while pages are read keeps its position.
    pub fn of_every_status() -> Query {
        let first = ProductId::earliest(Timestamp::from_millis(0));
        Query::merged(ListedStatus::all().map(|status| schema::products(&status, first))).descending(true)
    }

    /// Query of all products, or of each of these categories.
    fn query(self, scope: Option<&[CategoryId]>) -> Query {
        let scopes: Vec<Option<CategoryId>> = match scope {
            None => vec![None],
            Some(categories) => categories.iter().copied().map(Some).collect(),
        };
        let parts = scopes.into_iter().flat_map(|scope| self.status.parts().map(move |part| (scope, part)));
        let keys = parts.map(|(scope, part)| self.key(scope, &part));
        let mut query = Query::merged(keys).descending(self.order.descending());
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

    /// A key of the list's partition.
    fn key(self, scope: Option<CategoryId>, status: &ListedStatus) -> IndexKey {
        let id = ProductId::earliest(Timestamp::from_millis(0));
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
    /// Lists up to `limit` products, of all or of these categories, each once, after
    /// the sort key `after`.
    pub async fn list_products(
        &self,
        scope: Option<&[CategoryId]>,
        selection: Selection,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        self.list(selection.query(scope), after, limit).await
    }

    /// Lists up to `limit` products with a value of an attribute, the newest first.
    pub async fn list_by_attribute(
        &self,
        status: StatusFilter,
        (attribute, value): (&str, &str),
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedProduct>, Failure> {
        let id = ProductId::earliest(Timestamp::from_millis(0));
        let keys = status.parts().flat_map(|status| {
            [
                schema::products_by_value(&status, attribute, &compared(value), id),
                // Rows of an earlier release, which folded texts less.
                schema::products_by_attribute(&status, attribute, &former::normalized(value), id),
            ]
        });
        self.list(Query::merged(keys).descending(true), after, limit).await
    }

    /// Lists up to `limit` products of every status, the newest first, each once.
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
