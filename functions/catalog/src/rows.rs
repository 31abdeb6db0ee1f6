//! The further places of a product in lists, each an item of its own: under its
//! categories, under its words, under the attributes that lists are narrowed by.
//! They are made anew with every write, and only those that differ are written.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::{
    id::ProductId,
    money::Sortable,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
};

use crate::{
    product::{Product, ProductCard},
    words::{ends, normalized},
};

/// The attributes that lists are narrowed by.
pub const LISTED_ATTRIBUTES: [&str; 4] = ["brand", "color", "material", "size"];

/// So many SKUs of a product are found by how they begin; all of them whole.
const FOUND_SKUS: usize = 10;

/// A further place of a product.
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

/// How the rows of a product change.
#[derive(Debug, Default)]
pub struct RowChanges {
    /// Those to be written.
    pub written: Vec<ProductRow>,
    /// Those to be removed.
    pub removed: Vec<Key>,
}

/// What must be done to the rows of `before` so that they are those of `after`.
pub fn changes(before: Option<&Product>, after: Option<&Product>) -> RowChanges {
    let by_place = |product: Option<&Product>| -> BTreeMap<String, ProductRow> {
        product.into_iter().flat_map(rows).map(|row| (row.place.clone(), row)).collect()
    };
    let (before, after) = (by_place(before), by_place(after));
    let gone = before.iter().filter(|(place, _)| !after.contains_key(*place));
    let removed = gone.map(|(_, row)| row.key()).collect();
    let written = after.into_iter().filter(|(place, row)| before.get(place) != Some(row));
    RowChanges { written: written.map(|(_, row)| row).collect(), removed }
}

fn rows(product: &Product) -> Vec<ProductRow> {
    let Product { id, status, price, .. } = product;
    let (id, price) = (*id, *price);
    let row = |place: String, card: ProductCard, index_keys: Vec<IndexKey>| ProductRow {
        product_id: id,
        place,
        card,
        index_keys,
    };
    let title = normalized(product.title.as_str());
    let several = product.category_ids.len() > 1;
    let categories = product.category_ids.iter().map(|category| {
        let category_ids = if several { product.category_ids.clone() } else { Vec::new() };
        let keys = vec![
            schema::category_products(*category, status, id),
            schema::category_products_by_price(*category, status, Sortable(price), id),
            schema::category_products_by_title(*category, status, &title, id),
        ];
        row(schema::category_place(*category), ProductCard { category_ids, ..product.card() }, keys)
    });
    let texts = texts(product);
    let words = texts.iter().map(|text| {
        let card = ProductCard { words: texts.iter().cloned().collect(), ..product.card() };
        row(schema::words_place(text), card, vec![schema::products_by_words(status, text, id)])
    });
    let attributes = LISTED_ATTRIBUTES.iter().filter_map(|name| {
        let value = normalized(product.attributes.get(*name)?);
        let key = schema::products_by_attribute(status, name, &value, id);
        Some(row(schema::attribute_place(name), product.card(), vec![key]))
    });
    categories.chain(words).chain(attributes).collect()
}

/// All that a product is found by.
fn texts(product: &Product) -> BTreeSet<String> {
    let skus = product.skus().into_iter().take(FOUND_SKUS).map(|sku| normalized(sku.as_str()));
    let texts = ends(product.title.as_str()).into_iter().chain(skus);
    texts.filter(|text| !text.is_empty()).collect()
}
