//! `POST /api/v1/products/import`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    http::{AcceptedAt, Faults, Problem, Query, Upload, problem::FORBIDDEN},
    id::ImportId,
    identity::Caller,
    imports::{self, Importer, upload::Format},
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    seller::{self, Seller},
    text::Invalid,
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    UPLOAD_BYTES,
    access::{manages, permit_creation},
    imports::{ProductImport, Row, rows},
    problems::unknown_seller,
    state::Catalog,
};

/// Seller of the imported products.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportTarget {
    /// Seller of the products. Defaults to `platform`.
    #[serde(default, deserialize_with = "seller::parameter")]
    seller: Option<Seller>,
}

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
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Invalid(Faults),
    }
}

impl From<Denied> for ImportProductsError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::Forbidden,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// Import products
///
/// Accepts up to 4 MB of CSV (`text/csv`, with a header) or JSON lines
/// (`application/x-ndjson`), in UTF-8 with or without a byte order mark; follow the
/// progress at `Location`. For administrators; for an organisation, also for editors and
/// higher roles of it. The chunks of an organisation are processed one after the other.
///
/// A row creates the product of its `sku`, or updates the named fields as a PATCH does:
/// repeating an import changes nothing. Rows of one SKU are imported in their order.
/// The SKU of a variant is refused: variants are part of their product's row. The SKU of
/// another seller's product is refused with `sku_taken`.
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
    params(ImportTarget),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    request_body(content(
        (String = "text/csv", example = "sku,title,price,currency\nTEA-1,Earl Grey,890,EUR\n"),
        (String = "application/x-ndjson", example = r#"{"sku":"TEA-1","price":{"amount":890,"currency":"EUR"}}"#),
    )),
    responses(AcceptedAt<BegunImport>, ImportProductsError),
)]
pub async fn import_products(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(target): Query<ImportTarget>,
    upload: Upload<UPLOAD_BYTES>,
) -> Result<AcceptedAt<BegunImport>, Problem> {
    let seller = target.seller.unwrap_or_default();
    let check = permit_creation(&catalog.store, &caller, &seller).await.map_err(ImportProductsError::from)?;
    check.ok_or_else(|| ImportProductsError::from(unknown_seller()))?;
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
    let importer = Importer { user_id: caller.user_id, seller, is_member: !manages(&caller) };
    let id = imports::begin::<ProductImport, _>(table, ids, &importer, &rows, Row::key).await?;
    let location = format!("/api/v1/products/imports/{id}");
    Ok(AcceptedAt { location, body: BegunImport { id, rows: rows.len() } })
}
