//! What the listener does with a chunk: each row makes the product of its SKU, or
//! changes it to what the row says, or finds it so.

use serde_json::{Map, Value, json};
use shared::{
    Context, Failure,
    bus::events::ImportChunkAdded,
    http::Faults,
    id::ProductId,
    imports::{self, ImportChunk, ImportResult, Outcome},
    table::item::Stored,
    text::{Invalid, Sku},
};

use super::{ProductImport, Row};
use crate::{
    product::Product,
    product_request::{Maker, Method, ProductRequest},
    store::Store,
    tree::{Tree, TreeKeeper},
    writer::{ProductWriter, WriteProductError, Written},
};

/// Imports a chunk. Once more finds everything as it is, and lets the first
/// result stand.
pub async fn run(
    store: &Store,
    tree: &TreeKeeper,
    writer: &ProductWriter,
    context: &Context,
    added: &ImportChunkAdded,
) -> Result<(), Failure> {
    let chunk = imports::chunk::<ProductImport>(store.table(), added.chunk_id).await?;
    let Some(chunk) = chunk else { return Ok(()) };
    let rows = chunk.rows::<Row>()?;
    let categories = tree.fresh().await?;
    let importer = Importer { store, writer, context, chunk: &chunk, categories: &categories };
    let mut result = ImportResult::new(&chunk);
    for Row { row, product } in rows {
        match importer.import(product).await {
            Ok(outcome) => result.count(outcome),
            Err(WriteProductError::Failed(failure)) => return Err(failure),
            Err(refused) => result.refuse(row, refused.into()),
        }
    }
    imports::finish(store.table(), &result).await
}

struct Importer<'a> {
    store: &'a Store,
    writer: &'a ProductWriter,
    context: &'a Context,
    chunk: &'a ImportChunk<ProductImport>,
    categories: &'a Tree,
}

impl Importer<'_> {
    async fn import(&self, row: Option<Map<String, Value>>) -> Result<Outcome, WriteProductError> {
        let Some(mut row) = row else {
            let invalid = Invalid::new("malformed_row", "This row cannot be read.");
            return Err(Faults::one("", invalid).into());
        };
        let mut faults = Faults::default();
        self.find_categories(&mut row, &mut faults);
        let sku = row.get("sku").and_then(Value::as_str).map(Sku::parse);
        let sku = match sku {
            Some(Ok(sku)) => sku,
            Some(Err(invalid)) => return Err(Faults::one("/sku", invalid).into()),
            None => {
                return Err(Faults::one("/sku", Invalid::new("required", "This field is required.")).into());
            }
        };
        let Some(request) = faults.nested::<ProductRequest>("", row) else { return Err(faults.into()) };
        loop {
            let (written, outcome) = if let Some(before) = self.find(&sku).await? {
                let now = before.entity.updated_at;
                let after = request.clone().change(&before.entity, Method::Merge, now, faults.clone())?;
                if before.entity.changed(&after).is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                (self.writer.replace(&before, after).await?, Outcome::Updated)
            } else {
                let id: ProductId = self.context.ids.next();
                let maker = Maker { id, user: Some(self.chunk.user_id), now: id.created_at() };
                let product = request.clone().create(maker, faults.clone())?;
                (self.writer.create(&product, None).await?, Outcome::Created)
            };
            match written {
                Written::Done(_) => return Ok(outcome),
                Written::Outdated | Written::Repeated => {}
            }
        }
    }

    async fn find(&self, sku: &Sku) -> Result<Option<Stored<Product>>, Failure> {
        let Some(id) = self.store.find_by_sku(sku).await? else { return Ok(None) };
        self.store.get_product(id).await
    }

    /// Categories may be named by their paths of slugs, as ids of another system
    /// would say nothing here.
    fn find_categories(&self, row: &mut Map<String, Value>, faults: &mut Faults) {
        let Some(paths) = row.remove("categories") else { return };
        let mut ids = Vec::new();
        for (index, path) in paths.as_array().into_iter().flatten().enumerate() {
            if let Some(id) = path.as_str().and_then(|path| self.categories.find_by_path(path)) {
                ids.push(json!(id));
            } else {
                let invalid = Invalid::new("unknown_category", "There is no such category.");
                faults.add(format!("/categories/{index}"), invalid);
            }
        }
        row.insert("category_ids".to_owned(), Value::Array(ids));
    }
}
