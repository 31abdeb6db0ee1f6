//! Products and their published state. Their stored form is in [`item`], their views in
//! [`view`], their requests in `product_request`.

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
    listed_status::ListedStatus,
    money::Money,
    seller::Seller,
    text::{Description, Sku, Slug, Title, WebUrl},
    vocabulary::{Availability, Open, ProductStatus},
};

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ProductItem", into = "ProductItem")]
pub struct Product {
    /// Id, which holds the creation time.
    pub id: ProductId,
    /// SKU.
    pub sku: Sku,
    /// Id of its only variant, for a product without variants.
    pub variant_id: VariantId,
    /// Title.
    pub title: Title,
    /// Slug.
    pub slug: Slug,
    /// Description.
    pub description: Option<Description>,
    /// Price.
    pub price: Money,
    /// List price.
    pub list_price: Option<Money>,
    /// Image URLs, the main one first.
    pub images: Vec<WebUrl>,
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// Variants; empty for a product that is its own only variant.
    pub variants: Vec<Variant>,
    /// Opening stock.
    pub initial_stock: Option<u64>,
    /// Categories.
    pub category_ids: Vec<CategoryId>,
    /// Category of the breadcrumb on its page.
    pub primary_category_id: Option<CategoryId>,
    /// Status.
    pub status: Open<ProductStatus>,
    /// Seller, set when the product is created.
    pub seller: Seller,
    /// True while it is withheld from the public, because its organisation is blocked, closed or
    /// deleted.
    pub withheld: bool,
    /// Account that created it; `None` once that account is deleted.
    pub created_by: Option<UserId>,
    /// Time of the last change. The id holds the creation time.
    pub updated_at: Timestamp,
    /// Availability of its variants; empty until a release that knows the field has
    /// written the product.
    pub stock: Vec<VariantStock>,
    /// Version shown to callers, if the item has been written since for a change of
    /// availability alone.
    pub revision: Option<u64>,
    /// Item version in the `ETag`, if only a job over items of earlier releases has raised
    /// it since.
    pub tagged_version: Option<u64>,
    /// Layout of its index rows.
    pub layout: Layout,
    /// SKUs that an earlier release has claimed in their spelling, unfolded.
    pub former_claims: Vec<Sku>,
}

/// A variant of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Id, which stays when the SKU changes.
    pub id: VariantId,
    /// SKU.
    pub sku: Sku,
    /// Own title; `None` inherits the product's.
    pub title: Option<Title>,
    /// Attributes that distinguish it from the other variants.
    pub attributes: BTreeMap<String, String>,
    /// Own price; `None` inherits the product's.
    pub price: Option<Money>,
    /// Opening stock.
    pub initial_stock: Option<u64>,
}

/// Availability of a variant, from the events of its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantStock {
    /// Variant.
    pub id: VariantId,
    /// Availability.
    pub availability: Open<Availability>,
    /// Version of the event; 0 while the opening stock decides.
    #[serde(default)]
    pub version: u64,
}

impl Product {
    /// Version shown to callers for an item version.
    pub fn revision(&self, version: u64) -> u64 {
        self.revision.unwrap_or(version)
    }

    /// Version of the item as callers see it in the `ETag`, for an item version.
    pub fn tagged_version(&self, version: u64) -> u64 {
        self.tagged_version.unwrap_or(version)
    }

    /// Part of the lists that has the product.
    pub fn listed_status(&self) -> ListedStatus {
        ListedStatus::of(&self.status, self.withheld)
    }

    /// Opening stock of a variant, if one was given.
    pub fn initial_stock_of(&self, id: &VariantId) -> Option<u64> {
        self.sold().find(|(sold, _)| *sold == id).and_then(|(_, initial_stock)| initial_stock)
    }

    /// Variants for sale, with their opening stock: the product itself, if it has none.
    fn sold(&self) -> impl Iterator<Item = (&VariantId, Option<u64>)> {
        let own = self.variants.is_empty().then_some((&self.variant_id, self.initial_stock));
        own.into_iter().chain(self.variants.iter().map(|variant| (&variant.id, variant.initial_stock)))
    }

    /// Sets the assumed availability of variants without an event: that of their
    /// opening stock. Orders assumes the same, and publishes only differences.
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

    /// Availability of a variant, if known.
    pub fn availability_of(&self, id: &VariantId) -> Option<&Open<Availability>> {
        self.stock.iter().find(|known| known.id == *id).map(|known| &known.availability)
    }

    /// Availability of the most available variant, if known.
    pub fn availability(&self) -> Option<Open<Availability>> {
        self.sold().filter_map(|(id, _)| self.availability_of(id)).min().cloned()
    }

    /// The variant of a SKU.
    pub fn variant(&self, sku: &Sku) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.sku.is_same(sku))
    }

    /// Title of a variant of the product.
    pub fn title_of(&self, variant: &Variant) -> Title {
        variant.title.clone().unwrap_or_else(|| self.title.clone())
    }

    /// Price of a variant of the product.
    pub fn price_of(&self, variant: &Variant) -> Money {
        variant.price.unwrap_or(self.price)
    }

    /// All SKUs of the product, each once.
    pub fn skus(&self) -> Vec<&Sku> {
        let mut skus = vec![&self.sku];
        skus.extend(self.variants.iter().map(|variant| &variant.sku).filter(|sku| **sku != self.sku));
        skus
    }

    /// Published state of the product.
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
            seller: Some(self.seller.clone()),
        }
    }
}

shared::changes! { Product:
    sku, title, slug, description, price, list_price, images, attributes, variants, initial_stock,
    category_ids, primary_category_id, status;
    never id, variant_id, seller, withheld, created_by, updated_at, stock, revision, tagged_version, layout,
    former_claims
}
