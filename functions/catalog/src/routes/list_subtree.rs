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
    /// Why no part of the tree is listed.
    pub enum ListSubtreeError {
        NotFound => NOT_FOUND,
        Cursor(InvalidCursor),
    }
}

/// A category and all below it
///
/// In the tree's order, to so many levels as are asked for.
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
