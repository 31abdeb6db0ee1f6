//! `GET /api/v1/categories/{category_id}`

use std::time::Duration;

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin, problem::NOT_FOUND},
    id::CategoryId,
    identity::MaybeCaller,
    journal::Folded,
};

use crate::{
    category::CategoryView,
    state::{Catalog, Reader},
    tree::Tree,
};

shared::problems! {
    /// Errors of getting a category.
    pub enum GetCategoryError {
        NotFound => NOT_FOUND,
    }
}

pub(super) type ShownCategory = VersionedWithin<PublicReply<CategoryView>>;

/// Get a category
///
/// Returns the category with its breadcrumb and product counts. Hidden categories and
/// their subtrees are visible to administrators only; other callers get 404. Product
/// counts may be one minute old; without a token, everything else may be 5 seconds old.
#[utoipa::path(
    get,
    path = "/api/v1/categories/{category_id}",
    params(("category_id" = CategoryId, Path, description = "The category's id.")),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<CategoryView>>, GetCategoryError),
)]
pub async fn get_category(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<CategoryId>,
) -> Result<ShownCategory, GetCategoryError> {
    let reader = Reader::of(caller.as_ref());
    let (tree, age) = catalog.tree_for(reader).await?;
    show(&catalog, reader, (&tree, age), id).await
}

/// Reply for a reader, from a tree and its age.
pub(super) async fn show(
    catalog: &Catalog,
    reader: Reader,
    (tree, age): (&Folded<Tree>, Duration),
    id: CategoryId,
) -> Result<ShownCategory, GetCategoryError> {
    let node = tree.find(id, reader.audience).ok_or(GetCategoryError::NotFound)?;
    let (category, item_age) = catalog.category_for(reader, id).await?;
    let category = category.ok_or(GetCategoryError::NotFound)?;
    let counts = catalog.counts().await?;
    let of = |id: CategoryId| counts.get(&id).copied().unwrap_or(0);
    let (own, total) = (of(id), tree.subtree(id, reader.audience).map(of).sum());
    let body = CategoryView::new(&category.entity, node, tree, reader.audience).with_counts(own, total);
    Ok(VersionedWithin {
        version: node.version,
        whole: Some(format!("{}.{own}.{total}", tree.number())),
        reply: PublicReply { body, max_age_seconds: reader.max_age_seconds(age.max(item_age)) },
    })
}
