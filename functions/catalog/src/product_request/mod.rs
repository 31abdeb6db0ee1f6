//! The request of a product: a POST creates, a PUT replaces, a PATCH (RFC 7396) merges.

mod fields;
mod rules;
mod variant;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    clock::Timestamp,
    http::{
        Change, Faults, Field, Patch,
        merged::{always, list, money, onto, patched, required},
    },
    id::{CategoryId, Ids, ProductId, UserId, VariantId, VariantKind},
    money::Money,
    seller::Seller,
    text::{Description, Invalid, Sku, Slug, Title, WebUrl},
    vocabulary::ProductStatus,
};
use utoipa::ToSchema;

use self::{
    fields::{attributes_of, initial_stock, own_sku, own_slug},
    rules::{MOST_CATEGORIES, MOST_IMAGES, MOST_VARIANTS, judge, keep_initial_stock, primary},
    variant::{Named, VariantRequest, Whole, variant},
};
use crate::product::{Layout, Product, Variant, attributes};

/// A product, or changes of one. POST and PUT require `title` and `price`; a PUT
/// removes the fields that it does not name, except `sku`, `slug`, `status` and `seller`.
/// Maximum size: 64 KB.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "sku": "TEA-EARL-GREY",
    "title": "Earl Grey",
    "slug": "earl-grey",
    "description": "Black tea with bergamot.",
    "price": { "amount": 890, "currency": "EUR" },
    "images": ["https://example.com/earl-grey.jpg"],
    "attributes": { "brand": "Agora" },
    "variants": [
        { "sku": "TEA-EARL-GREY-100", "title": "100 g", "initial_stock": 40 },
        {
            "sku": "TEA-EARL-GREY-500",
            "title": "500 g",
            "price": { "amount": 3490, "currency": "EUR" },
            "initial_stock": 12,
        },
    ],
    "status": "active",
})))]
pub struct ProductRequest {
    /// SKU. Defaults to the id of a new product.
    #[serde(default)]
    #[schema(value_type = Option<Sku>)]
    sku: Patch<String>,
    /// Title.
    #[serde(default)]
    #[schema(value_type = Option<Title>)]
    title: Patch<String>,
    /// Slug: name in URLs. Defaults to one made from the title and the id of a new
    /// product.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    slug: Patch<String>,
    /// Description.
    #[serde(default)]
    #[schema(value_type = Option<Description>)]
    description: Patch<String>,
    /// Price.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    price: Patch<Map<String, Value>>,
    /// List price in the same currency.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    list_price: Patch<Map<String, Value>>,
    /// Image URLs, the main one first; 20 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<WebUrl>>)]
    images: Patch<Vec<String>>,
    /// Attributes by name; 50 at most.
    #[serde(default)]
    #[schema(schema_with = attributes)]
    attributes: Patch<Map<String, Value>>,
    /// Variants; 50 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<VariantRequest>>)]
    variants: Patch<Vec<Map<String, Value>>>,
    /// Opening stock of a product without variants. It can be set once.
    #[serde(default)]
    #[schema(value_type = Option<u64>, maximum = 1_000_000_000)]
    initial_stock: Patch<u64>,
    /// Categories; 10 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<CategoryId>>)]
    category_ids: Patch<Vec<CategoryId>>,
    /// One of `category_ids`. Defaults to the first of them.
    #[serde(default)]
    #[schema(value_type = Option<CategoryId>)]
    primary_category_id: Patch<CategoryId>,
    /// Status. Defaults to `active` for a new product.
    #[serde(default)]
    #[schema(value_type = Option<ProductStatus>)]
    status: Patch<ProductStatus>,
    /// Seller of a new product. Defaults to `platform`, and cannot be changed.
    #[serde(default)]
    #[schema(value_type = Option<Seller>)]
    seller: Patch<String>,
}

/// Creator of a product, and the time.
#[derive(Debug, Clone, Copy)]
pub struct Maker<'a> {
    /// Id of a new product.
    pub id: ProductId,
    /// Ids for new variants.
    pub ids: &'a Ids,
    /// Account that creates the product.
    pub user: Option<UserId>,
    /// Time of the request.
    pub now: Timestamp,
}

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// PUT.
    Replace,
    /// PATCH.
    Merge,
}

impl ProductRequest {
    /// The request with another SKU.
    #[must_use]
    pub fn with_sku(self, sku: &Sku) -> Self {
        Self { sku: Patch::Value(sku.to_string()), ..self }
    }

    /// The seller that the request names, if it names one.
    pub fn seller(&self) -> Result<Option<Seller>, Faults> {
        let mut faults = Faults::default();
        let seller = faults.patch_required("/seller", self.seller.clone(), |text| Seller::parse(&text));
        faults.done(seller)
    }

    /// Creates a product from the request.
    pub fn create(self, maker: Maker<'_>, faults: Faults) -> Result<Product, Faults> {
        self.build(None, None, maker, faults)
    }

    /// Applies the request to a product.
    pub fn change(
        self,
        before: &Product,
        method: Method,
        (now, ids): (Timestamp, &Ids),
        faults: Faults,
    ) -> Result<Product, Faults> {
        let kept = (method == Method::Merge).then_some(before);
        let maker = Maker { id: before.id, ids, user: before.created_by, now };
        self.build(Some(before), kept, maker, faults)
    }

    /// Builds a product. `before` supplies the required fields, `kept` all fields that
    /// the request does not name.
    fn build(
        self,
        before: Option<&Product>,
        kept: Option<&Product>,
        maker: Maker<'_>,
        mut faults: Faults,
    ) -> Result<Product, Faults> {
        let faults = &mut faults;
        let Maker { id, ids, user, now } = maker;
        let stored = before.map(|it| &it.title);
        let title = kept.map(|it| it.title.clone());
        let title = always(faults, "/title", self.title, title, |text| Title::parse_or_keep(&text, stored));
        let sku = before.map(|it| it.sku.clone()).or_else(|| own_sku(id));
        let sku = always(faults, "/sku", self.sku, sku, |text| Sku::parse(&text));
        let slug = before.map(|it| it.slug.clone()).or_else(|| own_slug(title.as_ref(), id));
        let slug = match (&self.slug, &title) {
            // Without a title there is no slug to make; the missing title is the fault.
            (Patch::Absent, None) => None,
            _ => always(faults, "/slug", self.slug, slug, |text| Slug::parse(&text)),
        };
        let mut status = before.map_or(ProductStatus::Active.into(), |it| it.status.clone());
        let said = faults.patch_required("/status", self.status, Ok).flatten();
        faults.transition("/status", &mut status, said);
        let seller = before.map(|it| it.seller.clone());
        let seller = seller_of(faults, self.seller, seller);
        let price = price(faults, self.price, kept.map(|it| it.price));
        let mut list_price = kept.and_then(|it| it.list_price);
        if let Some(change) = money(faults, "/list_price", onto(self.list_price, list_price)) {
            change.apply(&mut list_price);
        }
        let description = kept.and_then(|it| it.description.clone());
        let description = patched(faults, "/description", self.description, description, |text| {
            Description::parse_or_keep(&text, before.and_then(|it| it.description.as_ref()))
        });
        let stock = kept.and_then(|it| it.initial_stock);
        let stock = patched(faults, "/initial_stock", self.initial_stock, stock, initial_stock);
        let images = list(
            faults,
            "/images",
            self.images,
            kept.map(|it| &it.images),
            MOST_IMAGES,
            |faults, at, text| image(faults, at, text, before),
        );
        let attributes = kept.map(|it| it.attributes.clone());
        let named = onto(self.attributes, attributes.as_ref());
        let stored = before.map(|it| &it.attributes);
        let attributes =
            patched(faults, "/attributes", named, attributes, |named| attributes_of(named, stored));
        let category_ids = list(
            faults,
            "/category_ids",
            self.category_ids,
            kept.map(|it| &it.category_ids),
            MOST_CATEGORIES,
            |_, _, id| Some(id),
        );
        let named = Named::of(&self.variants);
        let whole = Whole { before, title: title.as_ref(), price, named: &named, ids };
        let variants = list(
            faults,
            "/variants",
            self.variants,
            kept.map(|it| &it.variants),
            MOST_VARIANTS,
            |faults, at, object| variant(faults, at, object, whole),
        );
        let kept_primary = kept.and_then(|it| it.primary_category_id);
        let primary = primary(faults, self.primary_category_id, kept_primary, category_ids.as_deref());
        let mut built = (|| {
            let category_ids = category_ids?;
            let primary = primary.filter(|id| category_ids.contains(id)).or(category_ids.first().copied());
            let (sku, variants) = (sku?, variants?);
            Some(Product {
                id,
                variant_id: own_variant(id, before, &sku, &variants, ids),
                sku,
                title: title?,
                slug: slug?,
                description,
                price: price?,
                list_price,
                images: images?,
                attributes: attributes.unwrap_or_default(),
                variants,
                initial_stock: stock,
                category_ids,
                primary_category_id: primary,
                status,
                seller: seller?,
                withheld: before.is_some_and(|it| it.withheld),
                created_by: user,
                updated_at: now,
                stock: before.map(|it| it.stock.clone()).unwrap_or_default(),
                revision: None,
                tagged_version: None,
                layout: Layout::LATEST,
                former_claims: Vec::new(),
            })
        })();
        if let Some(product) = &mut built {
            if let Some(before) = before {
                keep_initial_stock(faults, product, before);
            }
            judge(faults, product, before);
        }
        std::mem::take(faults).done(built)
    }
}

/// The seller, which stays as it is.
fn seller_of(faults: &mut Faults, named: Patch<String>, before: Option<Seller>) -> Option<Seller> {
    let named = faults.patch_required("/seller", named, |text| match Seller::parse(&text)? {
        other if before.as_ref().is_some_and(|before| *before != other) => {
            Err(Invalid::new("immutable", "The seller of a product cannot be changed."))
        }
        seller => Ok(seller),
    });
    Some(named?.or(before).unwrap_or_default())
}

/// A price, which is required.
fn price(faults: &mut Faults, named: Patch<Map<String, Value>>, kept: Option<Money>) -> Option<Money> {
    match money(faults, "/price", onto(named, kept))? {
        Change::Set(price) => Some(price),
        Change::Keep if kept.is_some() => kept,
        Change::Keep | Change::Remove => {
            faults.add("/price", required());
            None
        }
    }
}

/// Id of a product as its own only variant. It stays while the product has no variants,
/// and moves with the SKU to a variant and back.
fn own_variant(
    id: ProductId,
    before: Option<&Product>,
    sku: &Sku,
    variants: &[Variant],
    ids: &Ids,
) -> VariantId {
    let own = match before {
        None => VariantId::of_product(id),
        Some(before) if variants.is_empty() => {
            before.variant(sku).map_or_else(|| before.variant_id.clone(), |variant| variant.id.clone())
        }
        Some(before) => before.variant_id.clone(),
    };
    if variants.iter().any(|variant| variant.id == own) { ids.next::<VariantKind>().into() } else { own }
}

/// An image URL. One that is stored already is not validated again.
fn image(faults: &mut Faults, at: &str, text: String, before: Option<&Product>) -> Option<WebUrl> {
    faults.required(at, Field::Value(text), |text: String| {
        let stored = before.and_then(|it| it.images.iter().find(|url| url.as_str() == text));
        WebUrl::parse_or_keep(&text, stored)
    })
}
