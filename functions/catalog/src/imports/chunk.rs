//! Import of a chunk: each row creates the product of its SKU, updates it, or leaves it
//! unchanged.

use serde_json::{Map, Value, json};
use shared::{
    Context, Failure,
    bus::events::ImportChunkAdded,
    http::{Faults, Mismatch},
    id::ProductId,
    imports::{self, ImportChunk, ImportResult, Outcome},
    membership::{
        Denied, MemberAction, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, OrganizationCheck,
    },
    table::item::Stored,
    text::{Invalid, Sku},
};

use super::{ProductImport, Row};
use crate::{
    problems::{SKU_TAKEN, SLUG_TAKEN},
    product::Product,
    product_request::{Maker, Method, ProductRequest},
    store::Store,
    tree::{Tree, TreeKeeper},
    writer::{ProductWriter, WriteProductError, Written},
};

shared::problems! {
    /// Reason for a refused row.
    pub enum RowError {
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        SkuTaken => SKU_TAKEN,
        SlugTaken => SLUG_TAKEN,
        Invalid(Faults),
    }
}

impl From<Denied> for RowError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::NotPermitted(NotPermitted(MemberAction::ManageProducts)),
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

impl From<WriteProductError> for RowError {
    fn from(error: WriteProductError) -> Self {
        match error {
            WriteProductError::SkuTaken => Self::SkuTaken,
            WriteProductError::SlugTaken => Self::SlugTaken,
            WriteProductError::Invalid(faults) => Self::Invalid(faults),
            WriteProductError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Imports a chunk. Repeating it changes nothing and keeps the first result.
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
            Err(RowError::Failed(failure)) => return Err(failure),
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
    async fn import(&self, row: Option<Map<String, Value>>) -> Result<Outcome, RowError> {
        let Some(mut row) = row else {
            let invalid = Invalid::new("malformed_row", "This row cannot be read.");
            return Err(Faults::one("", invalid).into());
        };
        let sku = match row.get("sku") {
            Some(Value::String(sku)) => Sku::parse(sku),
            Some(Value::Null) | None => Err(Invalid::new("required", "This field is required.")),
            Some(_) => Err(Mismatch::with("a string").into()),
        };
        let sku = sku.map_err(|invalid| Faults::one("/sku", invalid))?;
        let mut faults = Faults::default();
        leave_out_read_only(&mut row);
        row.entry("seller").or_insert_with(|| json!(self.chunk.seller));
        if row.remove("currency").is_some() {
            let detail = "A currency requires a price in the same row.";
            faults.add("/currency", Invalid::new("price_required", detail));
        }
        self.find_categories(&mut row, &mut faults);
        let Some(request) = faults.nested::<ProductRequest>("", row) else { return Err(faults.into()) };
        loop {
            let before = self.find(&sku).await?;
            if before.as_ref().is_some_and(|before| before.entity.seller != self.chunk.seller) {
                return Err(RowError::SkuTaken);
            }
            self.must_name_seller(&request)?;
            let check = self.permit().await?;
            let (written, outcome) = if let Some(before) = &before {
                let owner = &before.entity.sku;
                if !owner.is_same(&sku) {
                    let detail = "This SKU belongs to a variant: change it in the row of its product.";
                    return Err(Faults::one("/sku", Invalid::new("variant_sku", detail)).into());
                }
                let now = before.entity.updated_at;
                // A SKU keeps its first spelling.
                let request = request.clone().with_sku(owner);
                let after = request.change(
                    &before.entity,
                    Method::Merge,
                    (now, &self.context.ids),
                    faults.clone(),
                )?;
                if before.entity.changed(&after).is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                (self.writer.replace(before, after, check).await, Outcome::Updated)
            } else {
                let id: ProductId = self.context.ids.next();
                let maker = Maker {
                    id,
                    ids: &self.context.ids,
                    user: Some(self.chunk.user_id),
                    now: id.created_at(),
                };
                let product = request.clone().create(maker, faults.clone())?;
                (self.writer.create(&product, None, check).await, Outcome::Created)
            };
            match written {
                Ok(Written::Done(_)) => return Ok(outcome),
                Ok(Written::Outdated | Written::Repeated | Written::Denied) => {}
                // Another import has just created the product of this SKU.
                Err(WriteProductError::SkuTaken | WriteProductError::SlugTaken)
                    if before.is_none() && self.find(&sku).await?.is_some() => {}
                Err(refused) => return Err(refused.into()),
            }
        }
    }

    /// Judges a write of the importer; gives its conditions.
    async fn permit(&self) -> Result<OrganizationCheck, RowError> {
        let Some(organization) = self.chunk.seller.organization() else { return Ok(OrganizationCheck::None) };
        let standing = self.store.get_standing(organization, self.chunk.user_id).await?;
        Ok(if self.chunk.is_member {
            standing.permit(MemberAction::ManageProducts)?
        } else {
            standing.permit_platform()?
        })
    }

    /// Refuses a row that names another seller than that of the import.
    fn must_name_seller(&self, request: &ProductRequest) -> Result<(), Faults> {
        match request.seller()? {
            Some(named) if named != self.chunk.seller => {
                let detail = "The import is for another seller: set its parameter `seller`.";
                Err(Faults::one("/seller", Invalid::new("wrong_seller", detail)))
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn find(&self, sku: &Sku) -> Result<Option<Stored<Product>>, Failure> {
        let Some(id) = self.store.find_by_sku(sku).await? else { return Ok(None) };
        self.store.get_product(id).await
    }

    /// Resolves paths of slugs to category ids, because ids of another system mean
    /// nothing here.
    fn find_categories(&self, row: &mut Map<String, Value>, faults: &mut Faults) {
        let Some(paths) = row.remove("categories") else { return };
        if row.contains_key("category_ids") {
            let detail = "Set either `categories` or `category_ids`, not both.";
            faults.add("/categories", Invalid::new("duplicate", detail));
        }
        let paths = match paths {
            Value::Array(paths) => paths,
            Value::Null => {
                row.insert("category_ids".to_owned(), Value::Null);
                return;
            }
            _ => return faults.add("/categories", Mismatch::with("an array of strings").into()),
        };
        let mut ids = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let found = match path.as_str() {
                Some(path) => self
                    .categories
                    .find_by_path(path)
                    .ok_or_else(|| Invalid::new("unknown_category", "The category does not exist.")),
                None => Err(Mismatch::with("a string").into()),
            };
            match found {
                Ok(id) => ids.push(json!(id)),
                Err(invalid) => faults.add(format!("/categories/{index}"), invalid),
            }
        }
        row.insert("category_ids".to_owned(), Value::Array(ids));
    }
}

/// Removes the read-only fields of an export.
fn leave_out_read_only(row: &mut Map<String, Value>) {
    for name in ["id", "version", "created_at", "updated_at", "availability", "withheld"] {
        row.remove(name);
    }
    let variants = row.get_mut("variants").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten().filter_map(Value::as_object_mut) {
        for name in ["id", "availability"] {
            variant.remove(name);
        }
    }
}
