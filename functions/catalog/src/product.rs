//! A product: what is kept of it, what lists show, and what everybody sees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::{
    bus::events::{ProductState, ProductStatus, VariantState},
    clock::Timestamp,
    id::{CategoryId, ProductId, UserId},
    money::{Money, Sortable},
    table::{
        item::{Entity, Stored},
        schema::{self, IndexKey, Key},
    },
    text::{Description, Sku, Slug, Title, WebUrl},
};
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use crate::words::normalized;

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ProductItem", into = "ProductItem")]
pub struct Product {
    /// Its id, which says when it was made.
    pub id: ProductId,
    /// What the seller calls it.
    pub sku: Sku,
    /// What it is called.
    pub title: Title,
    /// Its name in paths.
    pub slug: Slug,
    /// What there is to say about it.
    pub description: Option<Description>,
    /// What it costs.
    pub price: Money,
    /// What it costs elsewhere.
    pub list_price: Option<Money>,
    /// Pictures, the main one first.
    pub images: Vec<WebUrl>,
    /// What else is known of it, by name.
    pub attributes: BTreeMap<String, String>,
    /// What can be bought of it, where that is more than the product itself.
    pub variants: Vec<Variant>,
    /// How many there are when nobody has counted yet.
    pub initial_stock: Option<u64>,
    /// Where it stands.
    pub category_ids: Vec<CategoryId>,
    /// Which of these its page names.
    pub primary_category_id: Option<CategoryId>,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// Who has made it, while that is known.
    pub created_by: Option<UserId>,
    /// When it was last changed. When it was made, its id says.
    pub updated_at: Timestamp,
}

/// One of the things that can be bought of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Variant {
    /// What the seller calls it.
    pub sku: Sku,
    /// What it is called.
    pub title: Title,
    /// What tells it from the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(schema_with = attributes)]
    pub attributes: BTreeMap<String, String>,
    /// What it costs.
    pub price: Money,
    /// How many there are when nobody has counted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples(40))]
    pub initial_stock: Option<u64>,
}

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
    pub status: ProductStatus,
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
struct ProductItem {
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
            status: self.status,
            words: Vec::new(),
            category_ids: Vec::new(),
        }
    }

    /// Every SKU that is the product's, each once.
    pub fn skus(&self) -> Vec<&Sku> {
        let mut skus = vec![&self.sku];
        skus.extend(self.variants.iter().map(|variant| &variant.sku).filter(|sku| **sku != self.sku));
        skus
    }

    /// What others know of it.
    pub fn state(&self) -> ProductState {
        let variants = if self.variants.is_empty() {
            vec![VariantState {
                sku: self.sku.clone(),
                title: self.title.clone(),
                price: self.price,
                initial_stock: self.initial_stock,
            }]
        } else {
            let state = |variant: &Variant| VariantState {
                sku: variant.sku.clone(),
                title: variant.title.clone(),
                price: variant.price,
                initial_stock: variant.initial_stock,
            };
            self.variants.iter().map(state).collect()
        };
        ProductState {
            product_id: self.id,
            title: self.title.clone(),
            slug: self.slug.clone(),
            status: self.status,
            variants,
            category_ids: self.category_ids.clone(),
            primary_category_id: self.primary_category_id,
        }
    }

    /// The names of the fields in which another differs.
    pub fn changed(&self, after: &Self) -> Vec<String> {
        let fields = [
            ("sku", self.sku != after.sku),
            ("title", self.title != after.title),
            ("slug", self.slug != after.slug),
            ("description", self.description != after.description),
            ("price", self.price != after.price),
            ("list_price", self.list_price != after.list_price),
            ("images", self.images != after.images),
            ("attributes", self.attributes != after.attributes),
            ("variants", self.variants != after.variants),
            ("initial_stock", self.initial_stock != after.initial_stock),
            ("category_ids", self.category_ids != after.category_ids),
            ("primary_category_id", self.primary_category_id != after.primary_category_id),
            ("status", self.status != after.status),
        ];
        fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
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
            schema::products(self.status, self.id),
            schema::products_by_price(self.status, Sortable(self.price), self.id),
            schema::products_by_title(self.status, &title, self.id),
        ]
        .into_iter()
        .chain(self.created_by.map(|user| schema::made_by(user, &self.id.to_string())))
        .collect()
    }
}

/// A product as everybody sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    id: ProductId,
    sku: Sku,
    title: Title,
    slug: Slug,
    description: Option<Description>,
    price: Money,
    /// What it costs elsewhere.
    list_price: Option<Money>,
    /// The main one first.
    images: Vec<WebUrl>,
    #[schema(schema_with = attributes)]
    attributes: BTreeMap<String, String>,
    /// What can be bought of it; none where that is the product itself.
    variants: Vec<Variant>,
    /// How many there are when nobody has counted yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(40))]
    initial_stock: Option<u64>,
    category_ids: Vec<CategoryId>,
    primary_category_id: Option<CategoryId>,
    status: ProductStatus,
    /// Grows with every change; the `ETag` holds it.
    #[schema(examples(1))]
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Stored<Product>> for ProductView {
    fn from(Stored { entity: product, version }: Stored<Product>) -> Self {
        Self {
            id: product.id,
            sku: product.sku,
            title: product.title,
            slug: product.slug,
            description: product.description,
            price: product.price,
            list_price: product.list_price,
            images: product.images,
            attributes: product.attributes,
            variants: product.variants,
            initial_stock: product.initial_stock,
            category_ids: product.category_ids,
            primary_category_id: product.primary_category_id,
            status: product.status,
            version,
            created_at: product.id.created_at(),
            updated_at: product.updated_at,
        }
    }
}

/// A product as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductSummary {
    id: ProductId,
    sku: Sku,
    title: Title,
    slug: Slug,
    price: Money,
    list_price: Option<Money>,
    /// The main picture.
    image: Option<WebUrl>,
    status: ProductStatus,
    created_at: Timestamp,
}

impl ProductSummary {
    /// The product `id` as its card shows it.
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
            created_at: id.created_at(),
        }
    }
}

/// Texts by name, which utoipa gives no example as a whole.
pub fn attributes() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "Up to 50 texts by name. Lists are narrowed by `brand`, `color`, `material` and `size`.",
        ))
        .additional_properties(Some(ObjectBuilder::new().schema_type(Type::String)))
        .examples([json!({ "brand": "Agora", "size": "100 g" })])
        .build()
}
