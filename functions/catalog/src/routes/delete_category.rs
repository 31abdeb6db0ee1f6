//! `DELETE /api/v1/categories/{category_id}`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    bus::events::CategoryDeleted,
    http::{IfMatch, NoContent, Path, Problem, Query, Stale},
    id::CategoryId,
    identity::{Require, permission::ManageCatalog},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    operations,
    problems::{CATEGORY_NOT_EMPTY, SLUG_TAKEN},
    state::Catalog,
    store::CategoryRefusal,
    tree::{Committed, Node, Tree, TreeChange, TreeLogEntry},
};

/// Options of deleting a category.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Deletion {
    /// Treatment of the subcategories and products. Defaults to `refuse`.
    #[param(inline)]
    mode: Option<Mode>,
}

/// Treatment of the content of a deleted category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Refuses with 409 `category_not_empty` if the category has subcategories or
    /// products.
    #[default]
    Refuse,
    /// Moves its subcategories and products to its parent.
    Reparent,
    /// Deletes its whole subtree; products are kept, and leave these categories.
    Cascade,
}

shared::problems! {
    /// Errors of deleting a category.
    pub enum DeleteCategoryError {
        NotEmpty => CATEGORY_NOT_EMPTY,
        SlugTaken => SLUG_TAKEN,
        Stale(Stale),
    }
}

/// Delete a category
///
/// Removes the category from the tree at once; its subcategories and products follow
/// within moments. Idempotent: returns 204 if the category does not exist.
/// Administrators only.
#[utoipa::path(
    delete,
    path = "/api/v1/categories/{category_id}",
    params(("category_id" = CategoryId, Path, description = "The category's id."), Deletion),
    security(("bearer" = ["manage_catalog"])),
    responses(NoContent, DeleteCategoryError),
)]
pub async fn delete_category(
    State(catalog): State<Catalog>,
    _administrator: Require<ManageCatalog>,
    Path(id): Path<CategoryId>,
    Query(Deletion { mode }): Query<Deletion>,
    if_match: IfMatch,
) -> Result<NoContent, Problem> {
    let mode = mode.unwrap_or_default();
    let (catalog, if_match) = (&catalog, &if_match);
    let done: Result<(), DeleteCategoryError> = catalog
        .tree
        .commit(|tree| async move {
            let Some(node) = tree.get(id) else { return Ok(Committed::Done((), None)) };
            if_match.check(node.version)?;
            let (change, successor) = judge(&tree, id, node, mode)?;
            let Some(before) = catalog.store.get_category(&operations::GET_CATEGORY, id).await? else {
                return Ok(Committed::Overtaken);
            };
            let entry = TreeLogEntry::after(&tree, &[change])?;
            let deleted = CategoryDeleted { category_id: id, successor_id: successor };
            let (only_empty, now) = (mode == Mode::Refuse, catalog.context.clock.now());
            match catalog.store.delete_category(&before, deleted, only_empty, &entry, now).await {
                Ok(()) => Ok(Committed::Done((), Some(entry))),
                Err(Refused::By(CategoryRefusal::Overtaken)) => Ok(Committed::Overtaken),
                Err(Refused::By(CategoryRefusal::HasProducts)) => Err(DeleteCategoryError::NotEmpty),
                Err(Refused::Failed(failure)) => Err(failure.into()),
                Err(Refused::By(CategoryRefusal::Repeated)) => {
                    Err(Failure::internal("a deletion was repeated").into())
                }
            }
        })
        .await;
    done?;
    catalog.categories.forget(&id);
    Ok(NoContent)
}

/// Change of the tree, and the category that gets the products.
fn judge(
    tree: &Tree,
    id: CategoryId,
    node: &Node,
    mode: Mode,
) -> Result<(TreeChange, Option<CategoryId>), DeleteCategoryError> {
    match mode {
        Mode::Refuse if tree.children(Some(id)).next().is_some() => Err(DeleteCategoryError::NotEmpty),
        Mode::Refuse | Mode::Cascade => Ok((TreeChange::Cascade { id }, None)),
        Mode::Reparent => {
            let children = tree.children(Some(id)).filter_map(|child| tree.get(child));
            let taken = |child: &Node| {
                let sibling = tree.find_by_slug(node.parent, child.slug.as_str());
                sibling.is_some_and(|sibling| sibling != id)
            };
            if children.into_iter().any(taken) {
                return Err(DeleteCategoryError::SlugTaken);
            }
            Ok((TreeChange::Dissolve { id }, node.parent))
        }
    }
}
