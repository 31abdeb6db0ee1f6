//! `GET /api/v1/categories/{category_id}/children`

use axum::extract::State;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Path, PublicReply},
    id::CategoryId,
    identity::MaybeCaller,
};

use super::{list_categories::page, list_subtree::ListSubtreeError};
use crate::{
    category::CategorySummary,
    state::{Catalog, Reader},
};

/// List child categories
///
/// Lists the direct subcategories of a category, in their order.
#[utoipa::path(
    get,
    path = "/api/v1/categories/{category_id}/children",
    params(("category_id" = CategoryId, Path, description = "The category's id."), Paging),
    security((), ("bearer" = [])),
    responses(PublicReply<Page<CategorySummary>>, ListSubtreeError),
)]
pub async fn list_children(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<CategoryId>,
    List { filters: (), paging }: List<()>,
) -> Result<PublicReply<Page<CategorySummary>>, ListSubtreeError> {
    let reader = Reader::of(caller.as_ref());
    let (tree, age) = catalog.tree_for(reader).await?;
    tree.find(id, reader.audience).ok_or(ListSubtreeError::NotFound)?;
    // The category itself comes first in its subtree, its children follow.
    let after: CategoryId = paging.after(None)?.unwrap_or(id);
    let walk = tree.walk(Some(id), Some(1), Some(after), reader.audience).ok_or(InvalidCursor)?;
    let body = page(&tree, walk, &paging)?;
    Ok(PublicReply { body, max_age_seconds: reader.max_age_seconds(age) })
}
