//! The events of the catalogue. Those that feed replicas carry the whole public
//! state, so that the next event makes up for a missed one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{CategoryId, ImportChunkId, ImportId, ProductId, VariantId},
    money::Money,
    seller::Seller,
    text::{Sku, Slug, Title},
    vocabulary::{CategoryStatus, Open, ProductStatus},
};

/// Published state of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductState {
    /// Id of the product.
    pub product_id: ProductId,
    /// Title.
    pub title: Title,
    /// Slug: name in URLs.
    pub slug: Slug,
    /// Status.
    #[schema(value_type = ProductStatus)]
    pub status: Open<ProductStatus>,
    /// Variants for sale; a product without variants is its own only one.
    pub variants: Vec<VariantState>,
    /// Categories.
    pub category_ids: Vec<CategoryId>,
    /// Primary category, one of `category_ids`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_category_id: Option<CategoryId>,
    /// Seller; absent in events of earlier releases, which are the platform's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Seller>,
}

/// Published state of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VariantState {
    /// Id of the variant; absent in events of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU, unique in the catalogue.
    pub sku: Sku,
    /// Title.
    pub title: Title,
    /// Price.
    pub price: Money,
    /// Opening stock.
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
    /// State of the product.
    pub product: ProductState,
}

/// See [`DomainEvent::ProductUpdated`](super::DomainEvent::ProductUpdated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductUpdated {
    /// Names of the changed fields, published or not.
    pub changed: Vec<String>,
    /// State of the product after the change.
    pub product: ProductState,
}

/// See [`DomainEvent::ProductDeleted`](super::DomainEvent::ProductDeleted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductDeleted {
    /// Id of the product.
    pub product_id: ProductId,
}

/// See [`DomainEvent::CategoryCreated`](super::DomainEvent::CategoryCreated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryCreated {
    /// Id of the category.
    pub category_id: CategoryId,
    /// Parent category; absent at the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// Name.
    pub name: Title,
    /// Slug: name in URLs.
    pub slug: Slug,
    /// Status.
    #[schema(value_type = CategoryStatus)]
    pub status: Open<CategoryStatus>,
}

/// See [`DomainEvent::CategoryUpdated`](super::DomainEvent::CategoryUpdated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryUpdated {
    /// Id of the category.
    pub category_id: CategoryId,
    /// Names of the changed fields.
    pub changed: Vec<String>,
    /// Name.
    pub name: Title,
    /// Slug: name in URLs.
    pub slug: Slug,
    /// Status.
    #[schema(value_type = CategoryStatus)]
    pub status: Open<CategoryStatus>,
}

/// See [`DomainEvent::CategoryMoved`](super::DomainEvent::CategoryMoved).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryMoved {
    /// Id of the category, which moved with its subtree.
    pub category_id: CategoryId,
    /// New parent category; absent at the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
}

/// See [`DomainEvent::CategoryDeleted`](super::DomainEvent::CategoryDeleted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryDeleted {
    /// Id of the category.
    pub category_id: CategoryId,
    /// Category that gets its products and children; absent if they were deleted with
    /// it, or moved to the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_id: Option<CategoryId>,
}

/// See [`DomainEvent::ImportChunkAdded`](super::DomainEvent::ImportChunkAdded).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportChunkAdded {
    /// Id of the chunk.
    pub chunk_id: ImportChunkId,
    /// Id of the import.
    pub import_id: ImportId,
}
