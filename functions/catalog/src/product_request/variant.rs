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
use crate::product::{Variant, attributes};

/// One of the things that can be bought of a product.
#[derive(Deserialize, ToSchema)]
pub(super) struct VariantRequest {
    /// What the seller calls it.
    #[schema(value_type = Sku)]
    sku: Field<String>,
    /// What it is called; the product's title, where nothing is said.
    #[schema(value_type = Option<Title>)]
    title: Field<String>,
    /// What tells it from the others.
    #[schema(schema_with = attributes, required = false)]
    attributes: Field<Map<String, Value>>,
    /// What it costs; the product's price, where nothing is said.
    #[schema(value_type = Option<Money>)]
    price: Field<Map<String, Value>>,
    /// How many there are when nobody has counted yet. Once said, it stays.
    #[schema(value_type = Option<u64>, maximum = 1_000_000_000, examples(40))]
    initial_stock: Field<u64>,
}

/// The variant that a body says, of a product of this title and price.
pub(super) fn variant(
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
    let stock = faults.optional(&at("initial_stock"), fields.initial_stock, initial_stock);
    Some(Variant {
        sku: sku?,
        title: own_title?.or_else(|| title.cloned())?,
        attributes: attributes?.unwrap_or_default(),
        price: own_price.or(price)?,
        initial_stock: stock?,
    })
}
