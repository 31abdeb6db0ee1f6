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
    id::{CategoryId, ProductId, UserId, VariantId},
    money::Money,
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Availability, Open, ProductStatus},
};

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ProductItem", into = "ProductItem")]
pub struct Product {
    /// Its id, which says when it was made.
    pub id: ProductId,
    /// What the seller calls it.
    pub sku: Sku,
    /// Its id as its own only variant, while it has no variants.
    pub variant_id: VariantId,
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
    /// Availability of its variants; empty as long as no release that knows of it has
    /// written the product.
    pub stock: Vec<VariantStock>,
    /// Version that callers know, where the item has changed since and the product has
    /// not: its availability has.
    pub revision: Option<u64>,
    /// Layout of its rows in indexes.
    pub layout: Layout,
    /// SKUs that an earlier release has claimed as they are written, and not without
    /// case.
    pub former_claims: Vec<Sku>,
}

/// One of the things that can be bought of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Id, which stays when the SKU changes.
    pub id: VariantId,
    /// What the seller calls it.
    pub sku: Sku,
    /// Title of its own; `None`: the product's.
    pub title: Option<Title>,
    /// What tells it from the others.
    pub attributes: BTreeMap<String, String>,
    /// Price of its own; `None`: the product's.
    pub price: Option<Money>,
    /// How many there are when nobody has counted yet.
    pub initial_stock: Option<u64>,
}

/// Availability of a variant, as events of its stock tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantStock {
    /// Variant.
    pub id: VariantId,
    /// Availability.
    pub availability: Open<Availability>,
    /// Version of the event that tells it; 0 while the initial stock does.
    #[serde(default)]
    pub version: u64,
}

impl Product {
    /// Version that callers know of a product whose item has a version.
    pub fn revision(&self, version: u64) -> u64 {
        self.revision.unwrap_or(version)
    }

    /// Opening stock of a variant, where one was given.
    pub fn initial_stock_of(&self, id: &VariantId) -> Option<u64> {
        self.sold().find(|(sold, _)| *sold == id).and_then(|(_, initial_stock)| initial_stock)
    }

    /// The variants that can be bought, with their opening stock: the product itself,
    /// where it has none.
    fn sold(&self) -> impl Iterator<Item = (&VariantId, Option<u64>)> {
        let own = self.variants.is_empty().then_some((&self.variant_id, self.initial_stock));
        own.into_iter().chain(self.variants.iter().map(|variant| (&variant.id, variant.initial_stock)))
    }

    /// Notes what is to be assumed of variants of which no event has told: that their
    /// opening stock is there. Orders assume the same, and tell only what differs.
    pub fn assume_stock(&mut self, low: u64) {
        let known = |id: &VariantId| self.stock.iter().find(|known| known.version > 0 && known.id == *id);
        let mut stock: Vec<VariantStock> = self
            .sold()
            .map(|(id, initial_stock)| {
                known(id).cloned().unwrap_or_else(|| VariantStock {
                    id: id.clone(),
                    availability: Availability::of(initial_stock.unwrap_or(0), low).into(),
                    version: 0,
                })
            })
            .collect();
        // The product may become its own only variant again.
        if !self.variants.is_empty() {
            stock.extend(known(&self.variant_id).cloned());
        }
        self.stock = stock;
    }

    /// Availability of a variant, where it is known.
    pub fn availability_of(&self, id: &VariantId) -> Option<&Open<Availability>> {
        self.stock.iter().find(|known| known.id == *id).map(|known| &known.availability)
    }

    /// Availability of the most available variant, where one is known.
    pub fn availability(&self) -> Option<Open<Availability>> {
        self.sold().filter_map(|(id, _)| self.availability_of(id)).min().cloned()
    }

    /// The variant of a SKU.
    pub fn variant(&self, sku: &Sku) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.sku.is_same(sku))
    }

    /// Title of a variant of it.
    pub fn title_of(&self, variant: &Variant) -> Title {
        variant.title.clone().unwrap_or_else(|| self.title.clone())
    }

    /// Price of a variant of it.
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
                variant_id: Some(self.variant_id.clone()),
                sku: self.sku.clone(),
                title: self.title.clone(),
                price: self.price,
                initial_stock: self.initial_stock,
            }]
        } else {
            let state = |variant: &Variant| VariantState {
                variant_id: Some(variant.id.clone()),
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
    never id, variant_id, created_by, updated_at, stock, revision, layout, former_claims
}
