//! The events of the catalogue. Those that feed replicas carry the whole public
//! state, so that the next event makes up for a missed one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{CategoryId, ImportChunkId, ImportId, ProductId, VariantId},
    money::Money,
    text::{Sku, Slug, Title},
    vocabulary::{CategoryStatus, Open, ProductStatus},
};

/// What others know of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductState {
    /// The product.
    pub product_id: ProductId,
    /// What it is called.
    pub title: Title,
    /// Its name in paths.
    pub slug: Slug,
    /// Whether it is for sale.
    #[schema(value_type = ProductStatus)]
    pub status: Open<ProductStatus>,
    /// What of it can be bought: a product without variants is its own one.
    pub variants: Vec<VariantState>,
    /// Where it stands.
    pub category_ids: Vec<CategoryId>,
    /// Which of these its page names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_category_id: Option<CategoryId>,
}

/// What others know of a thing that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VariantState {
    /// Id of the variant; none in events of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// What the seller calls it: no two things of the catalogue have the same.
    pub sku: Sku,
    /// What it is called.
    pub title: Title,
    /// What it costs.
    pub price: Money,
    /// How many there are when nobody has counted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_stock: Option<u64>,
}

impl VariantState {
    /// Id of the variant; its SKU in an event of an earlier release.
    pub fn id(&self) -> VariantId {
        self.variant_id.clone().unwrap_or_else(|| VariantId::of_sku(&self.sku))
    }
}

/// See [`DomainEvent::ProductCreated`](super::DomainEvent::ProductCreated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductCreated {
    /// All that is known of it.
    pub product: ProductState,
}

/// See [`DomainEvent::ProductUpdated`](super::DomainEvent::ProductUpdated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductUpdated {
    /// The names of the fields that have changed, whether others know them or not.
    pub changed: Vec<String>,
    /// All that is known of it now.
    pub product: ProductState,
}

/// See [`DomainEvent::ProductDeleted`](super::DomainEvent::ProductDeleted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductDeleted {
    /// The product.
    pub product_id: ProductId,
}

/// See [`DomainEvent::CategoryCreated`](super::DomainEvent::CategoryCreated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryCreated {
    /// The category.
    pub category_id: CategoryId,
    /// The category that it is in; none where it is at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// What it is called.
    pub name: Title,
    /// Its name in paths.
    pub slug: Slug,
    /// Whether it is shown.
    #[schema(value_type = CategoryStatus)]
    pub status: Open<CategoryStatus>,
}

/// See [`DomainEvent::CategoryUpdated`](super::DomainEvent::CategoryUpdated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryUpdated {
    /// The category.
    pub category_id: CategoryId,
    /// The names of the fields that have changed.
    pub changed: Vec<String>,
    /// What it is called.
    pub name: Title,
    /// Its name in paths.
    pub slug: Slug,
    /// Whether it is shown.
    #[schema(value_type = CategoryStatus)]
    pub status: Open<CategoryStatus>,
}

/// See [`DomainEvent::CategoryMoved`](super::DomainEvent::CategoryMoved).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryMoved {
    /// The category, with all below it.
    pub category_id: CategoryId,
    /// The category that it is in now; none where it is at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
}

/// See [`DomainEvent::CategoryDeleted`](super::DomainEvent::CategoryDeleted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryDeleted {
    /// The category.
    pub category_id: CategoryId,
    /// The category that has its products and children now; none where they are
    /// gone with it, or at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_id: Option<CategoryId>,
}

/// See [`DomainEvent::ImportChunkAdded`](super::DomainEvent::ImportChunkAdded).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportChunkAdded {
    /// The part.
    pub chunk_id: ImportChunkId,
    /// The import.
    pub import_id: ImportId,
}
