//! `POST /api/v1/products/import`

use axum::extract::State;
use serde::Serialize;
use shared::{
    http::{AcceptedAt, Faults, Problem, Upload},
    id::ImportId,
    identity::{Require, permission::ManageCatalog},
    imports::{self, upload::Format},
    text::Invalid,
};
use utoipa::ToSchema;

use crate::{
    UPLOAD_BYTES,
    imports::{ProductImport, Row, rows},
    state::Catalog,
};

/// An import that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct BegunImport {
    id: ImportId,
    /// How many rows it has.
    #[schema(examples(20_000))]
    rows: usize,
}

shared::problems! {
    /// Why nothing is imported.
    pub enum ImportProductsError {
        Invalid(Faults),
    }
}

/// Import products
///
/// For administrators. Up to 4 MB of CSV (`text/csv`, names of columns first) or of
/// JSON objects, one a line (`application/x-ndjson`), in UTF-8 with or without a byte
/// order mark. A row makes the product of its `sku`, or changes what it names of it, as
/// a PATCH does: the same import once more changes nothing. Rows of one SKU are
/// imported in their order. A SKU of a variant is refused: variants are part of their
/// product's row. Columns are the fields of a product; of prices the amount in minor
/// units, with `currency` in a column of its own; `images` and `categories` (paths of
/// slugs) with `|` between them; `attributes.<name>`. Commas, semicolons or tabs part
/// columns, as the heading has them. A heading without `sku`, or with a column twice,
/// is refused at once; rows of empty cells are passed over. A product of the export is
/// taken as it is: `id`, `version` and times are left alone.
#[utoipa::path(
    post,
    path = "/api/v1/products/import",
    security(("bearer" = ["manage_catalog"])),
    request_body(content(
        (String = "text/csv", example = "sku,title,price,currency\nTEA-1,Earl Grey,890,EUR\n"),
        (String = "application/x-ndjson", example = r#"{"sku":"TEA-1","price":{"amount":890,"currency":"EUR"}}"#),
    )),
    responses(AcceptedAt<BegunImport>, ImportProductsError),
)]
pub async fn import_products(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    upload: Upload<UPLOAD_BYTES>,
) -> Result<AcceptedAt<BegunImport>, Problem> {
    let format = Format::of(&upload.media_type).ok_or_else(|| {
        Upload::<UPLOAD_BYTES>::unsupported("An import is text/csv or application/x-ndjson.")
    })?;
    let rows =
        rows(format, &upload.bytes).map_err(|invalid| ImportProductsError::from(Faults::one("", invalid)))?;
    if rows.is_empty() {
        let invalid = Invalid::new("required", "There is no row to import.");
        return Err(ImportProductsError::from(Faults::one("", invalid)).into());
    }
    let (table, ids) = (catalog.store.table(), &catalog.context.ids);
    let id = imports::begin::<ProductImport, _>(table, ids, administrator.user_id, &rows, Row::key).await?;
    let location = format!("/api/v1/products/imports/{id}");
    Ok(AcceptedAt { location, body: BegunImport { id, rows: rows.len() } })
}
