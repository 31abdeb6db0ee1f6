//! Parts of order requests: lines, the address, the note.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    Refused,
    http::{Faults, Field},
    id::ProductId,
    money::Money,
    text::{Invalid, Sku},
};
use utoipa::ToSchema;

use crate::{
    offer::ProductOffers,
    order::{self, MAX_SKUS},
    plan::{LineFault, Wanted},
    store::Store,
};

/// Maximum quantity of a SKU in an order.
const MAX_QUANTITY: u32 = 100_000;

/// A line of a new order.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrderLineRequest)]
#[schema(examples(json!({ "sku": "TEA-EARL-GREY-100", "quantity": 2 })))]
pub(crate) struct LineRequest {
    /// SKU of the variant.
    #[schema(value_type = Option<Sku>)]
    pub(crate) sku: Field<String>,
    /// Product without variants, instead of `sku`.
    #[schema(value_type = Option<ProductId>)]
    pub(crate) product_id: Field<ProductId>,
    /// Quantity, 1 to 100,000.
    #[schema(value_type = u32, minimum = 1, maximum = 100_000, examples(2))]
    pub(crate) quantity: Field<u32>,
    /// Expected unit price. Another price is refused with 409 `price_changed`.
    #[schema(value_type = Option<Money>)]
    pub(crate) expected_unit_price: Field<Map<String, Value>>,
}

/// A valid line.
#[derive(Debug, Clone)]
pub(crate) struct LineItem {
    what: ItemRef,
    quantity: u32,
    expected: Option<Money>,
}

#[derive(Debug, Clone)]
enum ItemRef {
    Sku(Sku),
    Product(ProductId),
}

/// Parses the lines of a body.
pub(crate) fn lines(faults: &mut Faults, lines: Vec<Map<String, Value>>) -> Option<Vec<LineItem>> {
    if lines.is_empty() {
        faults.add("/lines", Invalid::new("required", "An order requires at least one line."));
    }
    if lines.len() > 10 * MAX_SKUS {
        faults.add("/lines", too_many());
        return None;
    }
    let parsed = lines.into_iter().enumerate().map(|(at, fields)| {
        let pointer = format!("/lines/{at}");
        let fields: LineRequest = faults.nested(&pointer, fields)?;
        line(faults, &pointer, fields)
    });
    // Every line is checked, also those after one with a fault.
    let parsed: Vec<Option<LineItem>> = parsed.collect();
    parsed.into_iter().collect()
}

/// Parses a line whose fields are at `pointer`.
pub(crate) fn line(faults: &mut Faults, pointer: &str, fields: LineRequest) -> Option<LineItem> {
    let at = |name: &str| format!("{pointer}/{name}");
    let sku = faults.optional(&at("sku"), fields.sku, |text: String| Sku::parse(&text));
    let product = faults.optional(&at("product_id"), fields.product_id, Ok);
    let quantity = faults.required(&at("quantity"), fields.quantity, |quantity| {
        let invalid = || Invalid::new("invalid_quantity", "A quantity is 1 to 100,000.");
        (1..=MAX_QUANTITY).contains(&quantity).then_some(quantity).ok_or_else(invalid)
    });
    let expected = faults.optional(&at("expected_unit_price"), fields.expected_unit_price, Ok);
    let expected = match expected? {
        Some(object) => Some(Money::parse(faults, &at("expected_unit_price"), object)?),
        None => None,
    };
    let what = match (sku?, product?) {
        (Some(sku), None) => ItemRef::Sku(sku),
        (None, Some(product)) => ItemRef::Product(product),
        (Some(_), Some(_)) | (None, None) => {
            faults.add(at("sku"), Invalid::new("required", "A line requires either a sku or a product_id."));
            return None;
        }
    };
    Some(LineItem { what, quantity: quantity?, expected })
}

/// Fields of a single line, instead of `lines`.
pub(crate) struct SingleLine {
    pub(crate) sku: Field<String>,
    pub(crate) product_id: Field<ProductId>,
    pub(crate) quantity: Field<u32>,
}

impl SingleLine {
    pub(crate) fn is_missing(&self) -> bool {
        let Self { sku, product_id, quantity } = self;
        matches!((sku, product_id, quantity), (Field::Missing, Field::Missing, Field::Missing))
    }

    /// The line. Without `sku` and `product_id`, the only line of the order is meant.
    pub(crate) fn of(self, faults: &mut Faults, before: &[order::Line]) -> Option<LineItem> {
        let Self { mut sku, product_id, quantity } = self;
        if let (Field::Missing, Field::Missing) = (&sku, &product_id) {
            match before {
                [] => {}
                [only] => sku = Field::Value(only.sku.to_string()),
                _ => {
                    let detail = "The order has several lines: change them in `lines`.";
                    faults.add("/sku", Invalid::new("required", detail));
                    return None;
                }
            }
        }
        line(faults, "", LineRequest { sku, product_id, quantity, expected_unit_price: Field::Missing })
    }

    /// Refuses these fields next to `lines`, which would otherwise be ignored.
    pub(crate) fn refuse(self, faults: &mut Faults) {
        fn beside_lines<T>(_: T) -> Result<(), Invalid> {
            Err(Invalid::new("unexpected", "Set either `lines` or the fields of a single line."))
        }
        faults.optional("/sku", self.sku, beside_lines);
        faults.optional("/product_id", self.product_id, beside_lines);
        faults.optional("/quantity", self.quantity, beside_lines);
    }
}

/// Demand of the lines, each SKU once. A product without variants is resolved to its
/// SKU.
pub(crate) async fn wanted(store: &Store, lines: Vec<LineItem>) -> Result<Vec<Wanted>, Refused<Faults>> {
    let mut products: Vec<ProductId> = lines
        .iter()
        .filter_map(|line| match line.what {
            ItemRef::Product(id) => Some(id),
            ItemRef::Sku(_) => None,
        })
        .collect();
    products.sort_unstable();
    products.dedup();
    let mut faults = Faults::default();
    if products.len() > MAX_SKUS {
        faults.add("/lines", too_many());
        return Err(Refused::By(faults));
    }
    let products = store.get_products(&products).await?;
    let mut all: BTreeMap<Sku, Wanted> = BTreeMap::new();
    for (at, LineItem { what, quantity, expected }) in lines.into_iter().enumerate() {
        let sku = match what {
            ItemRef::Sku(sku) => sku,
            ItemRef::Product(id) => match only_variant(&products, id) {
                Ok(sku) => sku,
                Err(invalid) => {
                    faults.add(format!("/lines/{at}/product_id"), invalid);
                    continue;
                }
            },
        };
        let none = Wanted { sku: sku.clone(), quantity: 0, expected: Vec::new(), line: at };
        let wanted = all.entry(sku.folded()).or_insert(none);
        wanted.quantity = wanted.quantity.saturating_add(quantity);
        wanted.expected.extend(expected);
        if wanted.quantity > MAX_QUANTITY {
            let invalid = Invalid::new("invalid_quantity", "A quantity is 1 to 100,000.");
            faults.add(format!("/lines/{at}/quantity"), invalid);
        }
    }
    if all.len() > MAX_SKUS {
        faults.add("/lines", too_many());
    }
    if faults.is_empty() { Ok(all.into_values().collect()) } else { Err(Refused::By(faults)) }
}

fn only_variant(products: &[ProductOffers], id: ProductId) -> Result<Sku, Invalid> {
    match products.iter().find(|product| product.product_id == id).map(|product| product.skus.now.as_slice())
    {
        Some([sku]) => Ok(sku.clone()),
        Some([]) | None => Err(not_for_sale()),
        Some(_) => Err(Invalid::new("several_variants", "The product has variants: set the sku of one.")),
    }
}

/// Faults of a body whose lines the plan refuses.
pub(crate) fn faults(refused: Vec<LineFault>) -> Faults {
    let mut faults = Faults::default();
    for fault in refused {
        match fault {
            LineFault::NotForSale(line) => faults.add(format!("/lines/{line}/sku"), not_for_sale()),
            LineFault::MixedCurrencies(line) => faults.add(
                format!("/lines/{line}/sku"),
                Invalid::new("mixed_currencies", "All lines of an order must have the same currency."),
            ),
            LineFault::NoLines => {
                faults.add("/lines", Invalid::new("required", "An order requires at least one line."));
            }
            LineFault::TooManySkus => faults.add("/lines", too_many()),
            LineFault::TooManyChanges => faults.add(
                "/lines",
                Invalid::new("too_many_changes", "The request changes too many lines at once: change fewer."),
            ),
            LineFault::TotalTooLarge => {
                faults.add("/lines/0/quantity", Invalid::new("too_much", "The total is too large."));
            }
        }
    }
    faults
}

fn not_for_sale() -> Invalid {
    Invalid::new("not_for_sale", "This item is not for sale.")
}

fn too_many() -> Invalid {
    Invalid::new("too_many_skus", "An order has at most 90 different SKUs, old and new together.")
}
