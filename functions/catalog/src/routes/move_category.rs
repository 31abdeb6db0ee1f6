//! `POST /api/v1/categories/{category_id}/move`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    bus::{DomainEvent, events::CategoryMoved},
    http::{Faults, IfMatch, Json, Patch, Path, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::CategoryId,
    identity::{Require, permission::ManageCatalog},
    text::Invalid,
};
use utoipa::ToSchema;

use crate::{
    category::{Category, CategoryView},
    operations,
    problems::{CATEGORY_CYCLE, SLUG_TAKEN},
    state::Catalog,
    store::CategoryRefusal,
    tree::{Audience, Committed, Node, Tree, TreeChange, TreeLogEntry},
};

/// New place of a category.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({ "parent_id": null, "before": null })))]
pub struct MoveCategoryRequest {
    /// New parent category; `null` for the top level.
    #[serde(default)]
    #[schema(required = true, value_type = Option<CategoryId>)]
    parent_id: Patch<CategoryId>,
    /// Sibling to insert the category before. Without it, the category is placed last.
    #[serde(default)]
    #[schema(value_type = Option<CategoryId>)]
    before: Patch<CategoryId>,
}

shared::problems! {
    /// Errors of moving a category.
    pub enum MoveCategoryError {
        NotFound => NOT_FOUND,
        Cycle => CATEGORY_CYCLE,
        SlugTaken => SLUG_TAKEN,
        Stale(Stale),
        Invalid(Faults),
    }
}

/// Move a category
///
/// Moves the category with its whole subtree to another parent, or to another position
/// among its siblings. The move is atomic and visible at once. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/categories/{category_id}/move",
    params(("category_id" = CategoryId, Path, description = "The category's id.")),
    security(("bearer" = ["manage_catalog"])),
    request_body = MoveCategoryRequest,
    responses(Versioned<Reply<CategoryView>>, MoveCategoryError),
)]
pub async fn move_category(
    State(catalog): State<Catalog>,
    _administrator: Require<ManageCatalog>,
    Path(id): Path<CategoryId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<MoveCategoryRequest>,
) -> Result<Versioned<Reply<CategoryView>>, MoveCategoryError> {
    let parent = match body.parent_id {
        Patch::Null => Some(None),
        Patch::Absent => {
            faults.add("/parent_id", Invalid::new("required", "This field is required."));
            None
        }
        field @ (Patch::WrongType(_) | Patch::Value(_)) => faults.patch_required("/parent_id", field, Ok),
    };
    let mut before = None;
    let change = faults.patch("/before", body.before, Ok);
    if let Some(change) = change {
        change.apply(&mut before);
    }
    let parent = faults.done(parent)?;
    let (catalog, if_match) = (&catalog, &if_match);
    let (version, view) = catalog
        .tree
        .commit(|tree| async move {
            let node = tree.get(id).ok_or(MoveCategoryError::NotFound)?;
            if_match.check(node.version)?;
            let after = place(&tree, id, node, parent, before)?;
            let stored = catalog.store.get_category(&operations::GET_CATEGORY, id).await?;
            let stored = stored.ok_or(MoveCategoryError::NotFound)?;
            let rank = after.rank.clone();
            let entry = TreeLogEntry::after(&tree, &[TreeChange::Move { id, parent, rank }])?;
            let now = catalog.context.clock.now();
            let category = Category { parent_id: parent, updated_at: now, ..stored.entity.clone() };
            let event = DomainEvent::CategoryMoved(CategoryMoved { category_id: id, parent_id: parent });
            match catalog.store.change_category(&stored, &category, event, &entry).await {
                Ok(()) => {
                    let view = CategoryView::new(&category, &after, &tree, Audience::Administrators);
                    Ok(Committed::Done((after.version, view), Some(entry)))
                }
                Err(Refused::By(CategoryRefusal::Overtaken)) => Ok(Committed::Overtaken),
                Err(Refused::Failed(failure)) => Err::<_, MoveCategoryError>(failure.into()),
                Err(Refused::By(other @ (CategoryRefusal::Repeated | CategoryRefusal::HasProducts))) => {
                    Err(Failure::internal(format!("a move was refused: {other:?}")).into())
                }
            }
        })
        .await?;
    catalog.categories.forget(&id);
    Ok(Versioned(version, Reply(view)))
}

/// Node after the move, or the reason for its refusal.
fn place(
    tree: &Tree,
    id: CategoryId,
    node: &Node,
    parent: Option<CategoryId>,
    before: Option<CategoryId>,
) -> Result<Node, MoveCategoryError> {
    let unknown =
        |pointer: &str, detail: &str| Faults::one(pointer, Invalid::new("unknown_category", detail));
    if let Some(parent) = parent {
        if tree.get(parent).is_none() {
            return Err(unknown("/parent_id", "The category does not exist.").into());
        }
        if tree.is_within(parent, id) {
            return Err(MoveCategoryError::Cycle);
        }
    }
    let is_sibling =
        |other: CategoryId| other != id && tree.get(other).is_some_and(|node| node.parent == parent);
    if before.is_some_and(|before| !is_sibling(before)) {
        return Err(unknown("/before", "The category is not a child of this parent.").into());
    }
    if tree.find_by_slug(parent, node.slug.as_str()).is_some_and(|other| other != id) {
        return Err(MoveCategoryError::SlugTaken);
    }
    Ok(Node { parent, rank: tree.rank(parent, before), version: node.version + 1, ..node.clone() })
}
