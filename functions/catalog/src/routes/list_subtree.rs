//! `GET /api/v1/categories/{category_id}/subtree`

use axum::extract::State;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Path, PublicReply, problem::NOT_FOUND},
    id::CategoryId,
    identity::MaybeCaller,
};

use super::list_categories::{TreeFilters, page};
use crate::{
    category::CategorySummary,
    state::{Catalog, Reader},
};

shared::problems! {
    /// Errors of listing a subtree.
    pub enum ListSubtreeError {
        NotFound => NOT_FOUND,
        Cursor(InvalidCursor),
    }
}

/// List a category subtree
///
/// Lists a category and its descendants, down to `depth` levels, in tree order.
#[utoipa::path(
    get,
    path = "/api/v1/categories/{category_id}/subtree",
    params(("category_id" = CategoryId, Path, description = "The category's id."), TreeFilters, Paging),
    security((), ("bearer" = [])),
    responses(PublicReply<Page<CategorySummary>>, ListSubtreeError),
)]
pub async fn list_subtree(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<CategoryId>,
    List { filters, paging }: List<TreeFilters>,
) -> Result<PublicReply<Page<CategorySummary>>, ListSubtreeError> {
    let reader = Reader::of(caller.as_ref());
    let (tree, age) = catalog.tree_for(reader).await?;
    tree.find(id, reader.audience).ok_or(ListSubtreeError::NotFound)?;
    let after: Option<CategoryId> = paging.after(None)?;
    let walk = tree.walk(Some(id), filters.depth, after, reader.audience).ok_or(InvalidCursor)?;
    let body = page(&tree, walk, &paging)?;
    Ok(PublicReply { body, max_age_seconds: reader.max_age_seconds(age) })
}
