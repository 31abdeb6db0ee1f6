//! `GET /api/v1/products/imports/{import_id}`

use axum::extract::State;
use serde::Serialize;
use shared::{
    http::{Path, Reply, problem::NOT_FOUND},
    id::ImportId,
    identity::{Require, permission::ManageCatalog},
    imports::{self, RowFailure},
};
use utoipa::ToSchema;

use crate::{imports::ProductImport, state::Catalog};

shared::problems! {
    /// Why there is no import to show.
    pub enum GetImportError {
        NotFound => NOT_FOUND,
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Some rows are still to come.
    Running,
    /// Every row has been looked at.
    Done,
}

/// An import and what has come of it so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    id: ImportId,
    status: ImportStatus,
    /// How many rows it has.
    #[schema(examples(20_000))]
    rows: usize,
    /// New products.
    #[schema(examples(19_990))]
    created: usize,
    /// Products that are others than before.
    #[schema(examples(0))]
    updated: usize,
    /// Products that were as their rows say.
    #[schema(examples(0))]
    unchanged: usize,
    /// Rows that were not imported.
    #[schema(examples(10))]
    failed: usize,
    /// Reasons why they were not, in the order of the rows: the first 25 of each 25 rows,
    /// and 5,000 in all.
    failures: Vec<RowFailure>,
}

/// An import
///
/// For administrators. Kept for a week.
#[utoipa::path(
    get,
    path = "/api/v1/products/imports/{import_id}",
    params(("import_id" = ImportId, Path, description = "The import's id.")),
    security(("bearer" = ["manage_catalog"])),
    responses(Reply<ImportView>, GetImportError),
)]
pub async fn get_import(
    State(catalog): State<Catalog>,
    _administrator: Require<ManageCatalog>,
    Path(id): Path<ImportId>,
) -> Result<Reply<ImportView>, GetImportError> {
    let report = imports::report::<ProductImport>(catalog.store.table(), id).await?;
    let report = report.ok_or(GetImportError::NotFound)?;
    Ok(Reply(ImportView {
        id,
        status: if report.is_done { ImportStatus::Done } else { ImportStatus::Running },
        rows: report.rows,
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        failed: report.failed,
        failures: report.failures,
    }))
}
