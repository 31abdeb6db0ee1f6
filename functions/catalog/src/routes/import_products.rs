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

/// A started import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StartedImport)]
pub struct BegunImport {
    id: ImportId,
    /// Number of rows.
    #[schema(examples(20_000))]
    rows: usize,
}

shared::problems! {
    /// Errors of importing products.
    pub enum ImportProductsError {
        Invalid(Faults),
    }
}

/// Import products
///
/// Accepts up to 4 MB of CSV (`text/csv`, with a header) or JSON lines
/// (`application/x-ndjson`), in UTF-8 with or without a byte order mark; follow the
/// progress at `Location`. Administrators only.
///
/// A row creates the product of its `sku`, or updates the named fields as a PATCH does:
/// repeating an import changes nothing. Rows of one SKU are imported in their order.
/// The SKU of a variant is refused: variants are part of their product's row.
///
/// CSV columns are the fields of a product: amounts of prices in minor units, with a
/// `currency` column; `images` and `categories` (paths of slugs) separated by `|`;
/// `attributes.<name>`. The header decides if commas, semicolons or tabs separate
/// columns. A header without `sku`, or with a duplicate column, is refused; empty rows
/// are skipped. Entries of the export are accepted as they are: `id`, `version` and
/// times are ignored.
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
        Upload::<UPLOAD_BYTES>::unsupported("An import must be text/csv or application/x-ndjson.")
    })?;
    let rows =
        rows(format, &upload.bytes).map_err(|invalid| ImportProductsError::from(Faults::one("", invalid)))?;
    if rows.is_empty() {
        let invalid = Invalid::new("required", "The upload has no rows.");
        return Err(ImportProductsError::from(Faults::one("", invalid)).into());
    }
    let (table, ids) = (catalog.store.table(), &catalog.context.ids);
    let id = imports::begin::<ProductImport, _>(table, ids, administrator.user_id, &rows, Row::key).await?;
    let location = format!("/api/v1/products/imports/{id}");
    Ok(AcceptedAt { location, body: BegunImport { id, rows: rows.len() } })
}
