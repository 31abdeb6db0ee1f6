//! Views of a product: alone and in lists.

use std::{collections::BTreeMap, ops::Not};

use serde::Serialize;
use serde_json::json;
use shared::{
    clock::Timestamp,
    id::{CategoryId, ProductId, VariantId},
    money::Money,
    seller::Seller,
    table::item::Stored,
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Availability, Open, ProductStatus},
};
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use super::{Product, ProductCard, Variant};
use crate::tree::{Audience, Tree};

/// A product.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    id: ProductId,
    sku: Sku,
    title: Title,
    slug: Slug,
    description: Option<Description>,
    price: Money,
    /// List price, for comparison with `price`.
    list_price: Option<Money>,
    /// Image URLs, the main one first.
    images: Vec<WebUrl>,
    #[schema(schema_with = attributes)]
    attributes: BTreeMap<String, String>,
    /// Variants for sale; empty for a product that is its own only variant.
    variants: Vec<VariantView>,
    /// Availability of the most available variant, up to some seconds old. Absent for a
    /// product last written before the field existed.
    #[schema(value_type = Option<Availability>)]
    availability: Option<Open<Availability>>,
    /// Opening stock. For members of the selling organisation and administrators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(40))]
    initial_stock: Option<u64>,
    /// Categories of the product that are visible to the caller.
    category_ids: Vec<CategoryId>,
    primary_category_id: Option<CategoryId>,
    #[schema(value_type = ProductStatus)]
    status: Open<ProductStatus>,
    seller: Seller,
    /// True if hidden because its organisation is blocked, closed or deleted.
    #[serde(skip_serializing_if = "Not::not")]
    #[schema(required = false, examples(false))]
    withheld: bool,
    /// Version, incremented by each change and held by the `ETag`.
    #[schema(examples(1))]
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A variant of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Variant)]
pub struct VariantView {
    /// Id, which stays when the SKU changes.
    id: VariantId,
    /// SKU.
    sku: Sku,
    /// Title, inherited from the product if the variant has none of its own.
    title: Title,
    /// Attributes that distinguish it from the other variants.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(schema_with = attributes, required = false)]
    attributes: BTreeMap<String, String>,
    /// Price, inherited from the product if the variant has none of its own.
    price: Money,
    /// Availability, up to some seconds old. Absent for a product last written before
    /// the field existed.
    #[schema(value_type = Option<Availability>)]
    availability: Option<Open<Availability>>,
    /// Opening stock. For members of the selling organisation and administrators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(40))]
    initial_stock: Option<u64>,
}

impl VariantView {
    fn new(product: &Product, variant: &Variant) -> Self {
        Self {
            id: variant.id.clone(),
            sku: variant.sku.clone(),
            title: product.title_of(variant),
            attributes: variant.attributes.clone(),
            price: product.price_of(variant),
            availability: product.availability_of(&variant.id).cloned(),
            initial_stock: variant.initial_stock,
        }
    }
}

impl From<Stored<Product>> for ProductView {
    fn from(Stored { entity: product, version }: Stored<Product>) -> Self {
        let version = product.revision(version);
        Self {
            availability: product.availability(),
            variants: product.variants.iter().map(|variant| VariantView::new(&product, variant)).collect(),
            id: product.id,
            sku: product.sku,
            title: product.title,
            slug: product.slug,
            description: product.description,
            price: product.price,
            list_price: product.list_price,
            images: product.images,
            attributes: product.attributes,
            initial_stock: product.initial_stock,
            category_ids: product.category_ids,
            primary_category_id: product.primary_category_id,
            status: product.status,
            seller: product.seller,
            withheld: product.withheld,
            version,
            created_at: product.id.created_at(),
            updated_at: product.updated_at,
        }
    }
}

impl ProductView {
    /// The product without the categories that are hidden from the public, and with its
    /// opening stock for its seller only.
    pub fn shown(product: Stored<Product>, tree: &Tree, to_seller: bool) -> Self {
        let mut view = Self::from(product);
        if !to_seller {
            view.initial_stock = None;
            for variant in &mut view.variants {
                variant.initial_stock = None;
            }
        }
        view.category_ids.retain(|id| tree.find(*id, Audience::Public).is_some());
        if view.primary_category_id.is_some_and(|id| !view.category_ids.contains(&id)) {
            view.primary_category_id = view.category_ids.first().copied();
        }
        view
    }
}

/// A product in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductSummary {
    id: ProductId,
    sku: Sku,
    title: Title,
    slug: Slug,
    price: Money,
    list_price: Option<Money>,
    /// URL of the main image.
    image: Option<WebUrl>,
    #[schema(value_type = ProductStatus)]
    status: Open<ProductStatus>,
    seller: Seller,
    /// True if hidden because its organisation is blocked, closed or deleted.
    #[serde(skip_serializing_if = "Not::not")]
    #[schema(required = false, examples(false))]
    withheld: bool,
    /// Availability of the most available variant, up to some seconds old. Absent for a
    /// product last written before the field existed.
    #[schema(value_type = Option<Availability>)]
    availability: Option<Open<Availability>>,
    created_at: Timestamp,
}

impl ProductSummary {
    /// Summary of the product `id` from its card.
    pub fn new(id: ProductId, card: ProductCard) -> Self {
        Self {
            id,
            sku: card.sku,
            title: card.title,
            slug: card.slug,
            price: card.price,
            list_price: card.list_price,
            image: card.image,
            status: card.status,
            seller: card.seller,
            withheld: card.withheld,
            availability: card.availability,
            created_at: id.created_at(),
        }
    }
}

/// Schema of the attributes, for which utoipa makes no example as a whole.
pub fn attributes() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "Up to 50 texts by name. `brand`, `color`, `material` and `size` are filters of lists.",
        ))
        .additional_properties(Some(ObjectBuilder::new().schema_type(Type::String)))
        .examples([json!({ "brand": "Agora", "size": "100 g" })])
        .build()
}
