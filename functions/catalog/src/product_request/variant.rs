//! A variant in the body of a product.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{Faults, Field},
    money::Money,
    text::{Sku, Title},
};
use utoipa::ToSchema;

use super::fields::{attributes_of, initial_stock};
use crate::product::{Product, Variant, attributes};

/// One of the things that can be bought of a product.
#[derive(Deserialize, ToSchema)]
pub(super) struct VariantRequest {
    /// What the seller calls it.
    #[schema(value_type = Sku)]
    sku: Field<String>,
    /// Title. Without one, the variant is called what the product is called, now and
    /// after each change; so is one that had none and is given the product's.
    #[schema(value_type = Option<Title>)]
    title: Field<String>,
    /// What tells it from the others.
    #[schema(schema_with = attributes, required = false)]
    attributes: Field<Map<String, Value>>,
    /// Price. Without one, the variant costs what the product costs, now and after each
    /// change; so does one that had none and is given the product's.
    #[schema(value_type = Option<Money>)]
    price: Field<Map<String, Value>>,
    /// How many there are when nobody has counted yet. Once said, it stays.
    #[schema(value_type = Option<u64>, maximum = 1_000_000_000, examples(40))]
    initial_stock: Field<u64>,
}

/// The product that the variants of a body belong to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<'a> {
    /// As it is.
    pub(super) before: Option<&'a Product>,
    /// Title that it is to have.
    pub(super) title: Option<&'a Title>,
    /// Price that it is to have.
    pub(super) price: Option<Money>,
}

/// The variant that a body says, of a product.
pub(super) fn variant(
    faults: &mut Faults,
    pointer: &str,
    object: Map<String, Value>,
    whole: Whole<'_>,
) -> Option<Variant> {
    let fields: VariantRequest = faults.nested(pointer, object)?;
    let at = |name: &str| format!("{pointer}/{name}");
    let sku = faults.required(&at("sku"), fields.sku, |text: String| Sku::parse(&text));
    let before = sku.as_ref().and_then(|sku| whole.before?.variant(sku));
    let stored_title = before.and_then(|variant| variant.title.as_ref());
    let title = faults.optional(&at("title"), fields.title, |text: String| {
        // One that inherits shows the product's.
        if whole.title.is_some_and(|title| title.as_str() == text) {
            return Ok(whole.title.cloned());
        }
        Title::parse_or_keep(&text, stored_title).map(Some)
    });
    let attributes = faults.optional(&at("attributes"), fields.attributes, |attributes| {
        attributes_of(attributes, before.map(|variant| &variant.attributes))
    });
    let price = match faults.optional(&at("price"), fields.price, Ok)? {
        Some(object) => Some(Money::parse(faults, &at("price"), object)?),
        None => None,
    };
    let stock = faults.optional(&at("initial_stock"), fields.initial_stock, initial_stock);
    let inherits_title = before.is_some_and(|variant| variant.title.is_none());
    let inherits_price = before.is_some_and(|variant| variant.price.is_none());
    let title = title?.flatten();
    Some(Variant {
        sku: sku?,
        title: title.filter(|title| !(inherits_title && whole.title == Some(title))),
        attributes: attributes?.unwrap_or_default(),
        price: price.filter(|price| !(inherits_price && whole.price == Some(*price))),
        initial_stock: stock?,
    })
}
