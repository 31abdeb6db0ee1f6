//! `GET /api/v1/users/me/export/{export_id}`

use axum::extract::State;
use futures::future::try_join;
use serde::Serialize;
use serde_json::Value;
use shared::{
    clock::Timestamp,
    http::{InvalidCursor, List, Page, Paging, Path, Reply, problem::NOT_FOUND},
    id::ExportId,
    identity::{Caller, ExportJob, ExportPart},
};
use utoipa::ToSchema;

use crate::state::Users;

/// Progress of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportStatus {
    /// Some groups have not written their part yet.
    Running,
    /// Complete.
    Done,
}

/// An export.
#[derive(Serialize, ToSchema)]
pub struct ExportState {
    id: ExportId,
    status: ExportStatus,
    created_at: Timestamp,
}

impl ExportState {
    pub(super) fn new(job: &ExportJob, status: ExportStatus) -> Self {
        Self { id: job.export_id, status, created_at: job.export_id.created_at() }
    }
}

/// An export, with a page of its entries.
#[derive(Serialize, ToSchema)]
pub struct Export {
    #[serde(flatten)]
    state: ExportState,
    /// Entries written so far.
    data: Vec<ExportedThing>,
    /// True if more entries follow.
    has_more: bool,
    /// Cursor of the next page; `null` on the last page.
    #[schema(examples(json!(null)))]
    next_cursor: Option<String>,
}

/// Personal data in an export.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportEntry)]
#[schema(examples(json!({ "name": "users.account", "data": { "account": { "email": "ada@example.com" } } })))]
pub struct ExportedThing {
    /// Name of the entry, with its group as prefix.
    name: String,
    /// Content of the entry.
    #[schema(value_type = Object)]
    data: Value,
}

shared::problems! {
    /// Errors of getting an export.
    pub enum GetExportError {
        NotFound => NOT_FOUND,
        Cursor(InvalidCursor),
    }
}

/// Get a personal data export
///
/// Returns the entries written so far; the export is complete once `status` is `done`.
#[utoipa::path(
    get,
    path = "/api/v1/users/me/export/{export_id}",
    params(("export_id" = ExportId, Path, description = "The export's id."), Paging),
    security(("bearer" = [])),
    responses(Reply<Export>, GetExportError),
)]
pub async fn get_export(
    State(users): State<Users>,
    caller: Caller,
    Path(id): Path<ExportId>,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Export>, GetExportError> {
    let reader = Some(caller.user_id);
    let after: Option<String> = paging.after(reader)?;
    let (job, parts) = try_join(
        users.store.get_latest_export(caller.user_id),
        users.store.list_export(caller.user_id, id, after.as_deref(), paging.to_read()),
    )
    .await?;
    let job = job.filter(|job| job.export_id == id).ok_or(GetExportError::NotFound)?;
    let status = if job.is_done() { ExportStatus::Done } else { ExportStatus::Running };
    let Page { data, has_more, .. } = paging.page(reader, parts, |part: &ExportPart| part.name.clone())?;
    let mut things = Vec::with_capacity(data.len());
    for part in data {
        let data = part.data()?;
        things.push((part.name.clone(), Some(ExportedThing { name: part.name, data })));
    }
    let Page { data: things, has_more, next_cursor } = paging.page_of_large(reader, has_more, things)?;
    Ok(Reply(Export { state: ExportState::new(&job, status), data: things, has_more, next_cursor }))
}
