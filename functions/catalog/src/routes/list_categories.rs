//! `GET /api/v1/categories`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{InvalidCursor, List, Page, Paging, PublicReply},
    id::CategoryId,
    identity::MaybeCaller,
};
use utoipa::IntoParams;

use crate::{
    category::CategorySummary,
    state::{Catalog, Reader},
    tree::{Tree, Walk},
};

/// Filters of the category tree.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TreeFilters {
    /// Number of levels below the first. Defaults to all; `0` lists the top level only.
    pub(super) depth: Option<usize>,
}

shared::problems! {
    /// Errors of listing categories.
    pub enum ListCategoriesError {
        Cursor(InvalidCursor),
    }
}

/// List the category tree
///
/// Lists each category before its subcategories, siblings in their order. Without a
/// token, the reply may be 5 seconds old.
#[utoipa::path(
    get,
    path = "/api/v1/categories",
    params(TreeFilters, Paging),
    security((), ("bearer" = [])),
    responses(PublicReply<Page<CategorySummary>>, ListCategoriesError),
)]
pub async fn list_categories(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    List { filters, paging }: List<TreeFilters>,
) -> Result<PublicReply<Page<CategorySummary>>, ListCategoriesError> {
    let reader = Reader::of(caller.as_ref());
    let (tree, age) = catalog.tree_for(reader).await?;
    let after: Option<CategoryId> = paging.after(None)?;
    let walk = tree.walk(None, filters.depth, after, reader.audience).ok_or(InvalidCursor)?;
    let body = page(&tree, walk, &paging)?;
    Ok(PublicReply { body, max_age_seconds: reader.max_age_seconds(age) })
}

/// A page of a walk.
pub(super) fn page(tree: &Tree, walk: Walk<'_>, paging: &Paging) -> Result<Page<CategorySummary>, Failure> {
    let found: Vec<(usize, CategoryId)> = walk.take(paging.to_read()).collect();
    let Page { data, has_more, next_cursor } = paging.page(None, found, |(_, id)| *id)?;
    let data = data.into_iter();
    let data = data.filter_map(|(level, id)| Some(CategorySummary::new(id, tree.get(id)?, level)));
    Ok(Page { data: data.collect(), has_more, next_cursor })
}
