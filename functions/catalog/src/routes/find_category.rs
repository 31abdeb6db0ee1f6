//! `GET /api/v1/categories/by-path`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{Problem, PublicReply, Query, VersionedWithin},
    identity::MaybeCaller,
};
use utoipa::IntoParams;

use super::get_category::{GetCategoryError, ShownCategory, show};
use crate::{
    category::CategoryView,
    state::{Catalog, Reader},
};

/// Path of a category.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CategoryPath {
    /// Slugs from the top level to the category, separated by slashes.
    #[param(example = "kitchen/tea-and-coffee/teapots")]
    path: String,
}

/// Find a category by path
///
/// Returns the same as `GET /api/v1/categories/{category_id}`.
#[utoipa::path(
    get,
    path = "/api/v1/categories/by-path",
    params(CategoryPath),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<CategoryView>>, GetCategoryError),
)]
pub async fn find_category(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Query(CategoryPath { path }): Query<CategoryPath>,
) -> Result<ShownCategory, Problem> {
    let reader = Reader::of(caller.as_ref());
    let (tree, age) = catalog.tree_for(reader).await?;
    let id = tree.find_by_path(&path).ok_or(GetCategoryError::NotFound)?;
    Ok(show(&catalog, reader, (&tree, age), id).await?)
}
