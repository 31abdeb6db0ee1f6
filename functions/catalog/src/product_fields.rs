//! The body of a product: what a POST makes, a PUT puts in the place of another,
//! and a PATCH (RFC 7396) changes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    bus::events::ProductStatus,
    clock::Timestamp,
    http::{Change, Faults, Field, Patch},
    id::{CategoryId, ProductId, UserId},
    money::Money,
    text::{Description, Invalid, Sku, Slug, Title, WebUrl},
};
use utoipa::ToSchema;

use crate::{
    product::{Product, Variant, attributes},
    words::normalized,
};

const MOST_VARIANTS: usize = 50;
const MOST_CATEGORIES: usize = 10;
const MOST_IMAGES: usize = 20;
const MOST_ATTRIBUTES: usize = 50;
const MOST_BYTES: usize = 64 * 1024;

/// A product, or what is to be different about one. A new one and a PUT need
/// `title` and `price`; a PUT takes away what it does not name, but for `sku`,
/// `slug` and `status`. 64 KB at most.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "sku": "TEA-EARL-GREY",
    "title": "Earl Grey",
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
    /// What the seller calls it; of a new product its id, where none is given.
    #[serde(default)]
    #[schema(value_type = Option<Sku>)]
    sku: Patch<String>,
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = Option<Title>)]
    title: Patch<String>,
    /// Its name in paths; of a new product made of title and id, where none is
    /// given.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    slug: Patch<String>,
    /// What there is to say about it.
    #[serde(default)]
    #[schema(value_type = Option<Description>)]
    description: Patch<String>,
    /// What it costs.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    price: Patch<Map<String, Value>>,
    /// What it costs elsewhere, in the same currency.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    list_price: Patch<Map<String, Value>>,
    /// Up to 20 pictures, the main one first.
    #[serde(default)]
    #[schema(value_type = Option<Vec<WebUrl>>)]
    images: Patch<Vec<String>>,
    /// Up to 50 texts by name.
    #[serde(default)]
    #[schema(schema_with = attributes)]
    attributes: Patch<BTreeMap<String, String>>,
    /// Up to 50.
    #[serde(default)]
    #[schema(value_type = Option<Vec<VariantRequest>>)]
    variants: Patch<Vec<Map<String, Value>>>,
    /// How many there are when nobody has counted yet; of a product without
    /// variants.
    #[serde(default)]
    #[schema(value_type = Option<u64>)]
    initial_stock: Patch<u64>,
    /// Up to 10.
    #[serde(default)]
    #[schema(value_type = Option<Vec<CategoryId>>)]
    category_ids: Patch<Vec<CategoryId>>,
    /// One of `category_ids`; the first of them where none is named.
    #[serde(default)]
    #[schema(value_type = Option<CategoryId>)]
    primary_category_id: Patch<CategoryId>,
    /// Of a new product `active`, where nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<ProductStatus>)]
    status: Patch<ProductStatus>,
}

/// One of the things that can be bought of a product.
#[derive(Deserialize, ToSchema)]
struct VariantRequest {
    /// What the seller calls it.
    #[schema(value_type = Sku)]
    sku: Field<String>,
    /// What it is called; the product's title, where nothing is said.
    #[schema(value_type = Option<Title>)]
    title: Field<String>,
    /// What tells it from the others.
    #[schema(schema_with = attributes, required = false)]
    attributes: Field<BTreeMap<String, String>>,
    /// What it costs; the product's price, where nothing is said.
    #[schema(value_type = Option<Money>)]
    price: Field<Map<String, Value>>,
    /// How many there are when nobody has counted yet.
    #[schema(value_type = Option<u64>, examples(40))]
    initial_stock: Field<u64>,
}

/// Who makes a product, and when.
#[derive(Debug, Clone, Copy)]
pub struct Maker {
    /// Its id, if it is new.
    pub id: ProductId,
    /// Who.
    pub user: Option<UserId>,
    /// When.
    pub now: Timestamp,
}

/// How a body is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// PUT.
    Replace,
    /// PATCH.
    Merge,
}

impl ProductRequest {
    /// A new product.
    pub fn create(self, maker: Maker, faults: Faults) -> Result<Product, Faults> {
        self.build(None, None, maker, faults)
    }

    /// The product as it is to be.
    pub fn change(
        self,
        before: &Product,
        method: Method,
        now: Timestamp,
        faults: Faults,
    ) -> Result<Product, Faults> {
        let kept = (method == Method::Merge).then_some(before);
        let maker = Maker { id: before.id, user: before.created_by, now };
        self.build(Some(before), kept, maker, faults)
    }

    /// `before` keeps what is always there, `kept` all that is not named.
    fn build(
        self,
        before: Option<&Product>,
        kept: Option<&Product>,
        maker: Maker,
        mut faults: Faults,
    ) -> Result<Product, Faults> {
        let faults = &mut faults;
        let Maker { id, user, now } = maker;
        let title =
            self.title.or_kept(faults, "/title", kept.map(|it| it.title.clone()), |text| Title::parse(&text));
        let sku = self.sku.or_kept(
            faults,
            "/sku",
            before.map(|it| it.sku.clone()).or_else(|| own_sku(id)),
            |text| Sku::parse(&text),
        );
        let slug = before.map(|it| it.slug.clone()).or_else(|| own_slug(title.as_ref(), id));
        let slug = match (&self.slug, &title) {
            // Without a title there is nothing to make one of; that is fault enough.
            (Patch::Absent, None) => None,
            _ => self.slug.or_kept(faults, "/slug", slug, |text| Slug::parse(&text)),
        };
        let status = before.map_or(ProductStatus::Active, |it| it.status);
        let status = self.status.or_kept(faults, "/status", Some(status), Ok);
        let price = money(faults, "/price", self.price);
        let price = price.and_then(|change| match change {
            Change::Set(price) => Some(price),
            Change::Keep if kept.is_some() => kept.map(|it| it.price),
            Change::Keep | Change::Remove => {
                faults.add("/price", required());
                None
            }
        });
        let mut list_price = kept.and_then(|it| it.list_price);
        if let Some(change) = money(faults, "/list_price", self.list_price) {
            change.apply(&mut list_price);
        }
        let mut description = kept.and_then(|it| it.description.clone());
        if let Some(change) =
            faults.patch("/description", self.description, |text: String| Description::parse(&text))
        {
            change.apply(&mut description);
        }
        let mut initial_stock = kept.and_then(|it| it.initial_stock);
        if let Some(change) = faults.patch("/initial_stock", self.initial_stock, Ok) {
            change.apply(&mut initial_stock);
        }
        let images = list(
            faults,
            "/images",
            self.images,
            kept.map(|it| &it.images),
            MOST_IMAGES,
            |faults, at, text| faults.required(at, Field::Value(text), |text: String| WebUrl::parse(&text)),
        );
        let mut attributes = Some(kept.map(|it| it.attributes.clone()).unwrap_or_default());
        if let Some(change) = faults.patch("/attributes", self.attributes, attributes_of) {
            change.apply(&mut attributes);
        }
        let category_ids = list(
            faults,
            "/category_ids",
            self.category_ids,
            kept.map(|it| &it.category_ids),
            MOST_CATEGORIES,
            |_, _, id| Some(id),
        );
        let variants = list(
            faults,
            "/variants",
            self.variants,
            kept.map(|it| &it.variants),
            MOST_VARIANTS,
            |faults, at, object| variant(faults, at, object, title.as_ref(), price),
        );
        let kept_primary = kept.and_then(|it| it.primary_category_id);
        let primary = primary(faults, self.primary_category_id, kept_primary, category_ids.as_deref());
        let built = (|| {
            let category_ids = category_ids?;
            let primary = primary.filter(|id| category_ids.contains(id)).or(category_ids.first().copied());
            Some(Product {
                id,
                sku: sku?,
                title: title?,
                slug: slug?,
                description,
                price: price?,
                list_price,
                images: images?,
                attributes: attributes.unwrap_or_default(),
                variants: variants?,
                initial_stock,
                category_ids,
                primary_category_id: primary,
                status: status?,
                created_by: user,
                updated_at: now,
            })
        })();
        if let Some(product) = &built {
            judge(faults, product);
        }
        std::mem::take(faults).done(built)
    }
}

/// The main one of the categories: what is said, or else `kept`.
fn primary(
    faults: &mut Faults,
    field: Patch<CategoryId>,
    kept: Option<CategoryId>,
    categories: Option<&[CategoryId]>,
) -> Option<CategoryId> {
    let mut primary = kept;
    if let Some(change) = faults.patch("/primary_category_id", field, Ok) {
        let named = matches!(change, Change::Set(_));
        change.apply(&mut primary);
        if named && primary.is_some_and(|id| !categories.unwrap_or_default().contains(&id)) {
            let detail = "This is none of the product's categories.";
            faults.add("/primary_category_id", Invalid::new("unknown_category", detail));
        }
    }
    primary
}

/// What can only be said of the whole.
fn judge(faults: &mut Faults, product: &Product) {
    let currency = product.price.currency;
    let other = || Invalid::new("currency_mismatch", "This is of another currency than the product's price.");
    if product.list_price.is_some_and(|price| price.currency != currency) {
        faults.add("/list_price/currency", other());
    }
    let mut seen = BTreeSet::new();
    for (index, variant) in product.variants.iter().enumerate() {
        if variant.price.currency != currency {
            faults.add(format!("/variants/{index}/price/currency"), other());
        }
        if !seen.insert(&variant.sku) {
            faults
                .add(format!("/variants/{index}/sku"), Invalid::new("duplicate", "This stands there twice."));
        }
    }
    let distinct: BTreeSet<_> = product.category_ids.iter().collect();
    if distinct.len() < product.category_ids.len() {
        faults.add("/category_ids", Invalid::new("duplicate", "A category stands there twice."));
    }
    if !product.variants.is_empty() && product.initial_stock.is_some() {
        let detail = "A product with variants has its stock there.";
        faults.add("/initial_stock", Invalid::new("stock_of_variants", detail));
    }
    if serde_json::to_vec(product).is_ok_and(|bytes| bytes.len() > MOST_BYTES) {
        faults.add("", Invalid::new("too_large", "A product has 64 KB at most."));
    }
}

trait OrKept<T> {
    /// The value of a field that is always there: what is said, or else `kept`.
    fn or_kept<U>(
        self,
        faults: &mut Faults,
        pointer: &str,
        kept: Option<U>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<U>;
}

impl<T> OrKept<T> for Patch<T> {
    fn or_kept<U>(
        self,
        faults: &mut Faults,
        pointer: &str,
        kept: Option<U>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<U> {
        let said = faults.patch_required(pointer, self, parse)?;
        let value = said.or(kept);
        if value.is_none() {
            faults.add(pointer, required());
        }
        value
    }
}

fn required() -> Invalid {
    Invalid::new("required", "This field is required.")
}

/// The SKU of a product that was given none.
fn own_sku(id: ProductId) -> Option<Sku> {
    Sku::parse(&id.to_string()).ok()
}

/// The slug of a product that was given none: its title, and enough of its id
/// that no other has the same.
fn own_slug(title: Option<&Title>, id: ProductId) -> Option<Slug> {
    let id = id.to_string();
    let end = id.len().saturating_sub(12);
    let words = normalized(title?.as_str());
    let words = words.split(' ').filter(|word| !word.is_empty() && word.is_ascii());
    let slug = words.chain([&id[end..]]).collect::<Vec<_>>().join("-");
    let from = slug.len().saturating_sub(100);
    Slug::parse(slug[from..].trim_start_matches('-')).ok()
}

fn money(faults: &mut Faults, pointer: &str, field: Patch<Map<String, Value>>) -> Option<Change<Money>> {
    Some(match faults.patch(pointer, field, Ok)? {
        Change::Keep => Change::Keep,
        Change::Remove => Change::Remove,
        Change::Set(object) => Change::Set(Money::parse(faults, pointer, object)?),
    })
}

/// A list that is empty where it is not named, and not kept.
fn list<T, U: Clone>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<Vec<T>>,
    kept: Option<&Vec<U>>,
    most: usize,
    mut parse: impl FnMut(&mut Faults, &str, T) -> Option<U>,
) -> Option<Vec<U>> {
    let change = faults.patch(pointer, field, |items| {
        if items.len() > most {
            return Err(Invalid::new("too_many", format!("There can be {most} at most.")));
        }
        Ok(items)
    })?;
    match change {
        Change::Keep => Some(kept.cloned().unwrap_or_default()),
        Change::Remove => Some(Vec::new()),
        Change::Set(items) => {
            let parsed: Vec<_> = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| parse(faults, &format!("{pointer}/{index}"), item))
                .collect();
            parsed.into_iter().collect()
        }
    }
}

fn variant(
    faults: &mut Faults,
    pointer: &str,
    object: Map<String, Value>,
    title: Option<&Title>,
    price: Option<Money>,
) -> Option<Variant> {
    let fields: VariantRequest = faults.nested(pointer, object)?;
    let at = |name: &str| format!("{pointer}/{name}");
    let sku = faults.required(&at("sku"), fields.sku, |text: String| Sku::parse(&text));
    let own_title = faults.optional(&at("title"), fields.title, |text: String| Title::parse(&text));
    let attributes = faults.optional(&at("attributes"), fields.attributes, attributes_of);
    let own_price = faults.optional(&at("price"), fields.price, Ok)?;
    let own_price = match own_price {
        Some(object) => Some(Money::parse(faults, &at("price"), object)?),
        None => None,
    };
    let initial_stock = faults.optional(&at("initial_stock"), fields.initial_stock, Ok);
    Some(Variant {
        sku: sku?,
        title: own_title?.or_else(|| title.cloned())?,
        attributes: attributes?.unwrap_or_default(),
        price: own_price.or(price)?,
        initial_stock: initial_stock?,
    })
}

fn attributes_of(attributes: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Invalid> {
    let name_fits = |name: &str| {
        (1..=50).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let value_fits =
        |value: &str| (1..=200).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    let fit = attributes.len() <= MOST_ATTRIBUTES
        && attributes.iter().all(|(name, value)| name_fits(name) && value_fits(value));
    if fit {
        Ok(attributes)
    } else {
        Err(Invalid::new(
            "invalid_attributes",
            "There are 50 attributes at most; a name has 1 to 50 small letters, digits and underscores, a value \
             1 to 200 characters.",
        ))
    }
}
