//! A product in the table: its item, the card that lists show, its rows in indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{CategoryId, ProductId, UserId},
    money::{Money, Sortable},
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Open, ProductStatus},
};

use super::{Product, Variant};
use crate::words::normalized;

/// What lists show of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    /// See [`Product::sku`].
    pub sku: Sku,
    /// See [`Product::title`].
    pub title: Title,
    /// See [`Product::slug`].
    pub slug: Slug,
    /// See [`Product::price`].
    pub price: Money,
    /// See [`Product::list_price`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Money>,
    /// The main picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<WebUrl>,
    /// See [`Product::status`].
    pub status: Open<ProductStatus>,
    /// All texts by which the product is found, on the card of each of them: it
    /// is shown once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// All categories that the product stands in, on the card in each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
}

/// A product as it is stored: what lists show stands in the card alone.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ProductItem {
    id: ProductId,
    card: ProductCard,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Description>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    images: Vec<WebUrl>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    variants: Vec<Variant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    initial_stock: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    category_ids: Vec<CategoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    primary_category_id: Option<CategoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_by: Option<UserId>,
    updated_at: Timestamp,
}

impl From<Product> for ProductItem {
    fn from(product: Product) -> Self {
        Self {
            id: product.id,
            card: product.card(),
            description: product.description,
            images: product.images,
            attributes: product.attributes,
            variants: product.variants,
            initial_stock: product.initial_stock,
            category_ids: product.category_ids,
            primary_category_id: product.primary_category_id,
            created_by: product.created_by,
            updated_at: product.updated_at,
        }
    }
}

impl From<ProductItem> for Product {
    fn from(item: ProductItem) -> Self {
        Self {
            id: item.id,
            sku: item.card.sku,
            title: item.card.title,
            slug: item.card.slug,
            description: item.description,
            price: item.card.price,
            list_price: item.card.list_price,
            images: item.images,
            attributes: item.attributes,
            variants: item.variants,
            initial_stock: item.initial_stock,
            category_ids: item.category_ids,
            primary_category_id: item.primary_category_id,
            status: item.card.status,
            created_by: item.created_by,
            updated_at: item.updated_at,
        }
    }
}

impl Product {
    /// What lists show of it.
    pub fn card(&self) -> ProductCard {
        ProductCard {
            sku: self.sku.clone(),
            title: self.title.clone(),
            slug: self.slug.clone(),
            price: self.price,
            list_price: self.list_price,
            image: self.images.first().cloned(),
            status: self.status.clone(),
            words: Vec::new(),
            category_ids: Vec::new(),
        }
    }
}

impl Entity for Product {
    const TYPE: &'static str = "product";

    fn key(&self) -> Key {
        schema::product(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let title = normalized(self.title.as_str());
        [
            schema::products(&self.status, self.id),
            schema::products_by_price(&self.status, Sortable(self.price), self.id),
            schema::products_by_title(&self.status, &title, self.id),
        ]
        .into_iter()
        .chain(self.created_by.map(|user| schema::made_by(user, &self.id.to_string())))
        .collect()
    }
}
