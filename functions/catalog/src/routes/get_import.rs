//! `GET /api/v1/products/imports/{import_id}`

use axum::extract::State;
use serde::Serialize;
use shared::{
    http::{Path, Reply, problem::NOT_FOUND},
    id::ImportId,
    identity::Caller,
    imports::{self, RowFailure},
    membership::{MemberAction, NotPermitted},
    seller::Seller,
};
use utoipa::ToSchema;

use crate::{access::manages, imports::ProductImport, state::Catalog};

shared::problems! {
    /// Errors of getting an import.
    pub enum GetImportError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
    }
}

/// Progress of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Some rows are not processed yet.
    Running,
    /// All rows are processed.
    Done,
}

/// An import with its results so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductImport)]
pub struct ImportView {
    id: ImportId,
    status: ImportStatus,
    seller: Seller,
    /// Number of rows.
    #[schema(examples(20_000))]
    rows: usize,
    /// Number of products created.
    #[schema(examples(19_990))]
    created: usize,
    /// Number of products updated.
    #[schema(examples(0))]
    updated: usize,
    /// Number of products that already matched their rows.
    #[schema(examples(0))]
    unchanged: usize,
    /// Number of rows that failed.
    #[schema(examples(10))]
    failed: usize,
    /// Failures in the order of the rows: the first 25 of each chunk of 25 rows, and
    /// 5,000 in all.
    failures: Vec<RowFailure>,
}

/// Get an import
///
/// Returns the progress and the report of an import. Reports are kept for 7 days. For
/// administrators; of an organisation's import, also for editors and higher roles of it.
/// Callers who are not members get 404.
#[utoipa::path(
    get,
    path = "/api/v1/products/imports/{import_id}",
    params(("import_id" = ImportId, Path, description = "The import's id.")),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    responses(Reply<ImportView>, GetImportError),
)]
pub async fn get_import(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<ImportId>,
) -> Result<Reply<ImportView>, GetImportError> {
    let report = imports::report::<ProductImport>(catalog.store.table(), id).await?;
    let report = report.ok_or(GetImportError::NotFound)?;
    if !manages(&caller) {
        let organization = report.seller.organization().ok_or(GetImportError::NotFound)?;
        let standing = catalog.store.get_standing(organization, caller.user_id).await?;
        if !standing.may(MemberAction::ViewProducts) {
            return Err(GetImportError::NotFound);
        }
        let action = MemberAction::ManageProducts;
        if !standing.may(action) {
            return Err(GetImportError::NotPermitted(NotPermitted(action)));
        }
    }
    Ok(Reply(ImportView {
        id,
        status: if report.is_done { ImportStatus::Done } else { ImportStatus::Running },
        seller: report.seller,
        rows: report.rows,
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        failed: report.failed,
        failures: report.failures,
    }))
}
