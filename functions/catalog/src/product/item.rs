//! Stored form of a product: its item, the card of its lists, its index rows.

use std::{collections::BTreeMap, ops::Not};

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{CategoryId, ProductId, UserId, VariantId},
    money::{Money, Sortable},
    seller::Seller,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Availability, Open, ProductStatus},
};

use super::{Product, Variant, VariantStock};
use crate::words::by_title;

/// Attributes of a product that lists show.
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
    /// See [`Product::seller`].
    #[serde(default, skip_serializing_if = "Seller::is_platform")]
    pub seller: Seller,
    /// See [`Product::withheld`].
    #[serde(default, skip_serializing_if = "Not::not")]
    pub withheld: bool,
    /// Availability of the most available variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Open<Availability>>,
    /// On a text row: number of bytes shared with the preceding text of the product, so
    /// that a search shows the product once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_common: Option<usize>,
    /// On rows of earlier releases, for the same purpose: all texts of the product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// All categories of the product, on the card in each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
}

/// Layout of a product's index rows: the folding of their texts, and their keys. A
/// change raises the number, so that rows of earlier layouts are found and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Layout(u8);

impl Layout {
    /// Layout of products without a number.
    pub const FORMER: Self = Self(0);

    /// With texts of `shared::text`, and values by [`schema::products_by_value`].
    pub const LATEST: Self = Self(2);
}

/// Stored form of a variant. Inherited values are stored too, for an earlier release. A
/// variant of an earlier release has no id: its stock is kept under its SKU, which
/// becomes its id.
#[derive(Clone, Serialize, Deserialize)]
struct VariantItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<VariantId>,
    sku: Sku,
    title: Title,
    #[serde(default, skip_serializing_if = "Not::not")]
    inherits_title: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
    price: Money,
    #[serde(default, skip_serializing_if = "Not::not")]
    inherits_price: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    initial_stock: Option<u64>,
}

impl VariantItem {
    fn new(product: &Product, variant: &Variant) -> Self {
        Self {
            id: Some(variant.id.clone()),
            sku: variant.sku.clone(),
            title: product.title_of(variant),
            inherits_title: variant.title.is_none(),
            attributes: variant.attributes.clone(),
            price: product.price_of(variant),
            inherits_price: variant.price.is_none(),
            initial_stock: variant.initial_stock,
        }
    }
}

impl From<VariantItem> for Variant {
    fn from(item: VariantItem) -> Self {
        Self {
            id: item.id.unwrap_or_else(|| VariantId::of_sku(&item.sku)),
            sku: item.sku,
            title: (!item.inherits_title).then_some(item.title),
            attributes: item.attributes,
            price: (!item.inherits_price).then_some(item.price),
            initial_stock: item.initial_stock,
        }
    }
}

/// Stored form of a product: what lists show is in the card alone.
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
    variants: Vec<VariantItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    initial_stock: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    category_ids: Vec<CategoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    primary_category_id: Option<CategoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_by: Option<UserId>,
    updated_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant_id: Option<VariantId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stock: Vec<VariantStock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tagged_version: Option<u64>,
    #[serde(default)]
    layout: Layout,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former_claims: Vec<Sku>,
}

impl From<Product> for ProductItem {
    fn from(product: Product) -> Self {
        Self {
            id: product.id,
            card: product.card(),
            variants: product.variants.iter().map(|variant| VariantItem::new(&product, variant)).collect(),
            description: product.description,
            images: product.images,
            attributes: product.attributes,
            initial_stock: product.initial_stock,
            category_ids: product.category_ids,
            primary_category_id: product.primary_category_id,
            created_by: product.created_by,
            updated_at: product.updated_at,
            variant_id: Some(product.variant_id),
            stock: product.stock,
            revision: product.revision,
            tagged_version: product.tagged_version,
            layout: product.layout,
            former_claims: product.former_claims,
        }
    }
}

impl From<ProductItem> for Product {
    fn from(item: ProductItem) -> Self {
        let mut product = Self {
            id: item.id,
            variant_id: item.variant_id.unwrap_or_else(|| VariantId::of_sku(&item.card.sku)),
            sku: item.card.sku,
            title: item.card.title,
            slug: item.card.slug,
            description: item.description,
            price: item.card.price,
            list_price: item.card.list_price,
            images: item.images,
            attributes: item.attributes,
            variants: item.variants.into_iter().map(Variant::from).collect(),
            initial_stock: item.initial_stock,
            category_ids: item.category_ids,
            primary_category_id: item.primary_category_id,
            status: item.card.status,
            seller: item.card.seller,
            withheld: item.card.withheld,
            created_by: item.created_by,
            updated_at: item.updated_at,
            stock: item.stock,
            revision: item.revision,
            tagged_version: item.tagged_version,
            layout: item.layout,
            former_claims: item.former_claims,
        };
        if product.layout == Layout::FORMER {
            let skus = product.skus().into_iter().filter(|sku| **sku != sku.folded());
            product.former_claims = skus.cloned().collect();
        }
        product
    }
}

impl Product {
    /// Card of the product's lists.
    pub fn card(&self) -> ProductCard {
        ProductCard {
            sku: self.sku.clone(),
            title: self.title.clone(),
            slug: self.slug.clone(),
            price: self.price,
            list_price: self.list_price,
            image: self.images.first().cloned(),
            status: self.status.clone(),
            seller: self.seller.clone(),
            withheld: self.withheld,
            availability: self.availability(),
            in_common: None,
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
        let (title, status) = (by_title(&self.title), &self.listed_status());
        [
            schema::products(status, self.id),
            schema::products_by_price(status, Sortable(self.price), self.id),
            schema::products_by_title(status, &title, self.id),
        ]
        .into_iter()
        .chain(self.created_by.map(|user| schema::made_by(user, &self.id.to_string())))
        .collect()
    }
}
