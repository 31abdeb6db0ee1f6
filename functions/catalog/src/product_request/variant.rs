//! A variant in a product request.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::{
    http::{Faults, Field, Patch},
    id::{Ids, VariantId, VariantKind},
    money::Money,
    text::{Invalid, Sku, Title},
    vocabulary::Availability,
};
use utoipa::ToSchema;

use super::fields::{attributes_of, initial_stock};
use crate::product::{Product, Variant, attributes};

/// A variant of a product.
#[derive(Deserialize, ToSchema)]
pub(super) struct VariantRequest {
    /// Id of a variant of the product. Without it, the variant with the same SKU is
    /// changed, else the variant with the same attributes. If there is neither, a variant
    /// is created.
    #[schema(value_type = Option<VariantId>)]
    id: Field<String>,
    /// SKU.
    #[schema(value_type = Sku)]
    sku: Field<String>,
    /// Own title. Without it, or if it equals the product's, the variant inherits the
    /// title of the product, also after later changes.
    #[schema(value_type = Option<Title>)]
    title: Field<String>,
    /// Attributes that distinguish it from the other variants.
    #[schema(schema_with = attributes, required = false)]
    attributes: Field<Map<String, Value>>,
    /// Own price. Without it, or if it equals the product's, the variant inherits the
    /// price of the product, also after later changes.
    #[schema(value_type = Option<Money>)]
    price: Field<Map<String, Value>>,
    /// Opening stock. It can be set once.
    #[schema(value_type = Option<u64>, maximum = 1_000_000_000, examples(40))]
    initial_stock: Field<u64>,
    /// Availability, accepted and ignored: orders and stock adjustments change it.
    #[schema(value_type = Option<Availability>)]
    availability: Field<String>,
}

/// The product of a request's variants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<'a> {
    /// Product before the request.
    pub(super) before: Option<&'a Product>,
    /// Title after the request.
    pub(super) title: Option<&'a Title>,
    /// Price after the request.
    pub(super) price: Option<Money>,
    /// Variants that the request names by id or SKU.
    pub(super) named: &'a Named,
    /// Ids for new variants.
    pub(super) ids: &'a Ids,
}

/// Ids and folded SKUs of the variants in a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    ids: BTreeSet<String>,
    skus: BTreeSet<String>,
    /// SKUs of variants without id and attributes.
    bare: Vec<Sku>,
}

impl Named {
    /// The ids and SKUs of a request's variants.
    pub(super) fn of(variants: &Patch<Vec<Map<String, Value>>>) -> Self {
        let Patch::Value(variants) = variants else { return Self::default() };
        let texts = |name: &'static str| variants.iter().filter_map(move |it| it.get(name)?.as_str());
        let sku = |text: &str| Some(Sku::parse(text).ok()?.folded().to_string());
        let is_bare = |it: &&Map<String, Value>| {
            it.get("id").is_none()
                && it.get("attributes").and_then(Value::as_object).is_none_or(Map::is_empty)
        };
        let bare = variants.iter().filter(is_bare);
        Self {
            ids: texts("id").map(str::to_owned).collect(),
            skus: texts("sku").filter_map(sku).collect(),
            bare: bare.filter_map(|it| Sku::parse(it.get("sku")?.as_str()?).ok()).collect(),
        }
    }

    fn has(&self, variant: &Variant) -> bool {
        self.ids.contains(&variant.id.to_string()) || self.skus.contains(variant.sku.folded().as_str())
    }
}

/// Identity of a variant in a request.
enum Identity<'a> {
    /// An existing variant.
    Known(&'a Variant),
    /// The product itself, which had no variants.
    Product(VariantId),
    /// A new variant.
    New,
}

impl<'a> Whole<'a> {
    /// Finds the variant of an id, or of a SKU, or the one with the same attributes
    /// that no other entry of the request names: its SKU has been corrected. The same
    /// holds for a single variant without attributes that replaces another.
    fn identify(
        &self,
        id: Option<&str>,
        sku: Option<&Sku>,
        attributes: Option<&Map<String, Value>>,
    ) -> Option<Identity<'a>> {
        let Some(before) = self.before else { return id.is_none().then_some(Identity::New) };
        if let Some(id) = id {
            let variant = before.variants.iter().find(|variant| variant.id.to_string() == id);
            return variant.map(Identity::Known);
        }
        if before.variants.is_empty() && sku.is_some_and(|sku| before.sku.is_same(sku)) {
            return Some(Identity::Product(before.variant_id.clone()));
        }
        let of_sku = sku.and_then(|sku| before.variant(sku));
        let alike = || {
            let Some(attributes) = attributes.filter(|attributes| !attributes.is_empty()) else {
                return self.only_bare(before);
            };
            let is_alike = |variant: &&Variant| {
                let own = variant.attributes.iter().map(|(name, value)| (name.clone(), json!(value)));
                !self.named.has(variant) && own.collect::<Map<String, Value>>() == *attributes
            };
            before.variants.iter().find(is_alike)
        };
        Some(of_sku.or_else(alike).map_or(Identity::New, Identity::Known))
    }

    /// The only variant without attributes that the request does not name, if the
    /// request has one variant without attributes that the product lacks.
    fn only_bare(&self, before: &'a Product) -> Option<&'a Variant> {
        let mut left = before.variants.iter().filter(|it| it.attributes.is_empty() && !self.named.has(it));
        let new = self.named.bare.iter().filter(|sku| before.variant(sku).is_none());
        match (left.next(), left.next(), new.count()) {
            (Some(only), None, 1) => Some(only),
            _ => None,
        }
    }
}

/// Builds a variant of the product.
pub(super) fn variant(
    faults: &mut Faults,
    pointer: &str,
    object: Map<String, Value>,
    whole: Whole<'_>,
) -> Option<Variant> {
    let fields: VariantRequest = faults.nested(pointer, object)?;
    let at = |name: &str| format!("{pointer}/{name}");
    let sku = faults.required(&at("sku"), fields.sku, |text: String| Sku::parse(&text));
    let id = faults.optional(&at("id"), fields.id, Ok::<String, Invalid>).flatten();
    let attributes = match &fields.attributes {
        Field::Value(attributes) => Some(attributes),
        _ => None,
    };
    let identity = whole.identify(id.as_deref(), sku.as_ref(), attributes).unwrap_or_else(|| {
        faults.add(at("id"), Invalid::new("unknown_variant", "The product does not have this variant."));
        Identity::New
    });
    let (id, before) = match identity {
        Identity::Known(variant) => (variant.id.clone(), Some(variant)),
        Identity::Product(id) => (id, None),
        Identity::New => (whole.ids.next::<VariantKind>().into(), None),
    };
    let stored_title = before.and_then(|variant| variant.title.as_ref());
    let title = faults.optional(&at("title"), fields.title, |text: String| {
        // An inherited title shows the product's.
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
    faults.optional(&at("availability"), fields.availability, Ok::<String, Invalid>);
    let stock = faults.optional(&at("initial_stock"), fields.initial_stock, initial_stock);
    let inherits_title = before.is_some_and(|variant| variant.title.is_none());
    let inherits_price = before.is_some_and(|variant| variant.price.is_none());
    let title = title?.flatten();
    Some(Variant {
        id,
        sku: sku?,
        title: title.filter(|title| !(inherits_title && whole.title == Some(title))),
        attributes: attributes?.unwrap_or_default(),
        price: price.filter(|price| !(inherits_price && whole.price == Some(*price))),
        initial_stock: stock?,
    })
}
