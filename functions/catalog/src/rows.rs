//! Index rows of a product, each an item of its own: under its categories, its words,
//! the attributes that lists filter by, and the organisation that sells it. They are
//! computed with every write, and only changed rows are written.
//!
//! A transaction has 100 writes, and a product of 50 variants in 10 categories needs 79
//! of them for itself, its claims, its categories and its attributes. The rest is for
//! words and SKUs, [`MOST_TEXTS`] at most: a changed title removes as many rows as it
//! writes. A row costs 2 WRU for itself, in a transaction, and 1 in the index; a title
//! of 12 words costs 36. A SKU without a row is found as a whole only.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::{
    id::ProductId,
    money::Sortable,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Sku, compared, searched},
};

use crate::{
    product::{Layout, Product, ProductCard},
    words::{by_title, ends, former},
};

/// Attributes that lists filter by.
pub const LISTED_ATTRIBUTES: [&str; 4] = ["brand", "color", "material", "size"];

/// Maximum rows of a product for words and SKUs.
const MOST_TEXTS: usize = 40;

/// Maximum SKUs of a product that are found by prefix; all are found as a whole.
const FOUND_SKUS: usize = 16;

/// Minimum SKUs with a row, even if a title has more words than there is room for.
const LEAST_SKUS: usize = 8;

/// Writes of a transaction other than claims of SKUs, categories, attributes and texts:
/// the product, its record, a change of the tree, a slug claimed and one freed.
const FIXED_WRITES: usize = 5;

/// Further writes for a product of an organisation: its row in the list of the seller, the
/// numbers of its products, and the checks of the member and of the status.
const SELLER_WRITES: usize = 4;

/// Writes of a transaction, less a small margin.
const WRITES: usize = 98;

/// An index row of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    product_id: ProductId,
    place: String,
    card: ProductCard,
    #[serde(skip)]
    index_keys: Vec<IndexKey>,
}

impl Entity for ProductRow {
    const TYPE: &'static str = "product_row";

    fn key(&self) -> Key {
        schema::product_row(self.product_id, &self.place)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        self.index_keys.clone()
    }
}

/// Changes of a product's rows.
#[derive(Debug, Default)]
pub struct RowChanges {
    /// Rows to write.
    pub written: Vec<ProductRow>,
    /// Rows to remove.
    pub removed: Vec<Key>,
}

/// Changes from the rows of `before` to those of `after`.
pub fn changes(before: Option<&Product>, after: Option<&Product>) -> RowChanges {
    let before = by_place(before.map(|product| rows(product, product.layout)).unwrap_or_default());
    let after = by_place(after.map(|product| rows(product, Layout::LATEST)).unwrap_or_default());
    let gone = before.iter().filter(|(place, _)| !after.contains_key(*place));
    let removed = gone.map(|(_, row)| row.key()).collect();
    let written = after.into_iter().filter(|(place, row)| before.get(place) != Some(row));
    RowChanges { written: written.map(|(_, row)| row).collect(), removed }
}

/// Changes from the rows of another layout to those of the latest. Every row is written:
/// a row of the same place may have another card, or be in another list.
pub fn in_latest_layout(product: &Product) -> RowChanges {
    let after = by_place(rows(product, Layout::LATEST));
    let former = rows(product, product.layout).into_iter();
    let removed = former.filter(|row| !after.contains_key(&row.place)).map(|row| row.key()).collect();
    RowChanges { written: after.into_values().collect(), removed }
}

fn by_place(rows: Vec<ProductRow>) -> BTreeMap<String, ProductRow> {
    rows.into_iter().map(|row| (row.place.clone(), row)).collect()
}

/// True if a search for the folded `prefix` finds the product.
pub fn is_found_by(product: &Product, prefix: &str) -> bool {
    texts(product, product.layout).iter().any(|text| text.starts_with(prefix))
}

fn rows(product: &Product, layout: Layout) -> Vec<ProductRow> {
    let Product { id, price, .. } = *product;
    let status = &product.listed_status();
    let row = |place: String, card: ProductCard, index_keys: Vec<IndexKey>| ProductRow {
        product_id: id,
        place,
        card,
        index_keys,
    };
    let title = by_title(&product.title);
    let several = product.category_ids.len() > 1;
    let categories = product.category_ids.iter().map(|category| {
        let category_ids = if several { product.category_ids.clone() } else { Vec::new() };
        let keys = vec![
            schema::category_products(*category, status, id),
            schema::category_products_by_price(*category, status, Sortable(price), id),
            schema::category_products_by_title(*category, status, &title, id),
        ];
        row(schema::category_row(*category), ProductCard { category_ids, ..product.card() }, keys)
    });
    let texts = texts(product, layout);
    // Texts with the same beginning are neighbours, so the first of them is the one
    // that shares less than that with the preceding text.
    let befores = [None].into_iter().chain(texts.iter().map(Some));
    let words = texts.iter().zip(befores).map(|(text, before)| {
        let in_common = before.map_or(0, |before| in_common(before, text));
        let card = ProductCard { in_common: Some(in_common), ..product.card() };
        row(schema::words_row(text), card, vec![schema::products_by_words(status, text, id)])
    });
    let attributes = LISTED_ATTRIBUTES.iter().filter_map(|name| {
        let value = compared(product.attributes.get(*name)?);
        let key = schema::products_by_value(status, name, &value, id);
        Some(row(schema::attribute_row(name), product.card(), vec![key]))
    });
    let seller = product.seller.organization().map(|seller| {
        row(schema::seller_row(), product.card(), vec![schema::seller_products(seller, status, id)])
    });
    categories.chain(words).chain(attributes).chain(seller).collect()
}

/// Length of the common prefix, in bytes.
fn in_common(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

/// All texts by which a search finds the product.
fn texts(product: &Product, layout: Layout) -> BTreeSet<String> {
    let skus = product.skus().into_iter().map(Sku::as_str);
    let (words, skus): (Vec<String>, Vec<String>) = if layout == Layout::FORMER {
        // The limits of that release.
        (former::ends(product.title.as_str()), skus.take(10).map(former::normalized).collect())
    } else {
        let attributes = LISTED_ATTRIBUTES.iter().filter(|name| product.attributes.contains_key(**name));
        let of_seller = if product.seller.is_platform() { 0 } else { SELLER_WRITES };
        let others = FIXED_WRITES
            + of_seller
            + product.skus().len()
            + 2 * product.category_ids.len()
            + attributes.count();
        let room = MOST_TEXTS.min(WRITES.saturating_sub(others));
        let skus: Vec<String> = skus.take(FOUND_SKUS).map(searched).collect();
        let mut words = ends(&product.title);
        words.truncate(room.saturating_sub(skus.len().min(LEAST_SKUS)));
        let left = room.saturating_sub(words.len());
        (words, skus.into_iter().take(left).collect())
    };
    words.into_iter().chain(skus).filter(|text| !text.is_empty()).collect()
}
