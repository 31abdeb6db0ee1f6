//! A product, and what others know of it. How it is stored is in [`item`], what
//! everybody sees in [`view`], what a body makes of it in `product_request`.

mod item;
mod view;

use std::collections::BTreeMap;

use self::item::ProductItem;
pub use self::{
    item::{Layout, ProductCard},
    view::{ProductSummary, ProductView, attributes},
};
use serde::{Deserialize, Serialize};
use shared::{
    bus::events::{ProductState, VariantState},
    clock::Timestamp,
    id::{CategoryId, ProductId, UserId},
    money::Money,
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Open, ProductStatus},
};

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
    pub status: Open<ProductStatus>,
    /// Who has made it, while that is known.
    pub created_by: Option<UserId>,
    /// When it was last changed. When it was made, its id says.
    pub updated_at: Timestamp,
    /// How its rows in indexes were written.
    pub layout: Layout,
    /// SKUs that an earlier release has claimed as they are written, and not without
    /// case.
    pub former_claims: Vec<Sku>,
}

/// One of the things that can be bought of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// What the seller calls it.
    pub sku: Sku,
    /// What it is called, where that is not what the product is called.
    pub title: Option<Title>,
    /// What tells it from the others.
    pub attributes: BTreeMap<String, String>,
    /// What it costs, where that is not what the product costs.
    pub price: Option<Money>,
    /// How many there are when nobody has counted yet.
    pub initial_stock: Option<u64>,
}

impl Product {
    /// How many there were of one of its SKUs at first, where that has been said.
    pub fn initial_stock_of(&self, sku: &Sku) -> Option<u64> {
        match self.variant(sku) {
            Some(variant) => variant.initial_stock,
            None => self.initial_stock.filter(|_| self.sku.is_same(sku)),
        }
    }

    /// The variant of a SKU.
    pub fn variant(&self, sku: &Sku) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.sku.is_same(sku))
    }

    /// What a variant of it is called.
    pub fn title_of(&self, variant: &Variant) -> Title {
        variant.title.clone().unwrap_or_else(|| self.title.clone())
    }

    /// What a variant of it costs.
    pub fn price_of(&self, variant: &Variant) -> Money {
        variant.price.unwrap_or(self.price)
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
                title: self.title_of(variant),
                price: self.price_of(variant),
                initial_stock: variant.initial_stock,
            };
            self.variants.iter().map(state).collect()
        };
        ProductState {
            product_id: self.id,
            title: self.title.clone(),
            slug: self.slug.clone(),
            status: self.status.clone(),
            variants,
            category_ids: self.category_ids.clone(),
            primary_category_id: self.primary_category_id,
        }
    }
}

shared::changes! { Product:
    sku, title, slug, description, price, list_price, images, attributes, variants, initial_stock,
    category_ids, primary_category_id, status;
    never id, created_by, updated_at, layout, former_claims
}
