//! `PATCH /api/v1/categories/{category_id}`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    bus::{DomainEvent, events::CategoryUpdated},
    http::{Faults, IfMatch, Json, Patch, Path, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::CategoryId,
    identity::{Require, permission::ManageCatalog},
    text::{Description, Slug, Title},
    vocabulary::CategoryStatus,
};
use utoipa::ToSchema;

use crate::{
    category::{Category, CategoryView},
    operations,
    problems::SLUG_TAKEN,
    state::Catalog,
    store::CategoryRefusal,
    tree::{Audience, Committed, Node, TreeChange, TreeLogEntry},
};

/// Changes of a category. Its parent and position are changed by `POST
/// /api/v1/categories/{category_id}/move`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct UpdateCategoryRequest {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Option<Title>)]
    name: Patch<String>,
    /// Slug: name in URLs, unique among its siblings.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    slug: Patch<String>,
    /// Description.
    #[serde(default)]
    #[schema(value_type = Option<Description>)]
    description: Patch<String>,
    /// Status.
    #[serde(default)]
    #[schema(value_type = Option<CategoryStatus>)]
    status: Patch<CategoryStatus>,
}

shared::problems! {
    /// Errors of updating a category.
    pub enum UpdateCategoryError {
        NotFound => NOT_FOUND,
        SlugTaken => SLUG_TAKEN,
        Stale(Stale),
        Invalid(Faults),
    }
}

/// Update a category
///
/// Applies a JSON merge patch (RFC 7396). Administrators only.
#[utoipa::path(
    patch,
    path = "/api/v1/categories/{category_id}",
    params(("category_id" = CategoryId, Path, description = "The category's id.")),
    security(("bearer" = ["manage_catalog"])),
    request_body = UpdateCategoryRequest,
    responses(Versioned<Reply<CategoryView>>, UpdateCategoryError),
)]
pub async fn update_category(
    State(catalog): State<Catalog>,
    _administrator: Require<ManageCatalog>,
    Path(id): Path<CategoryId>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateCategoryRequest>,
) -> Result<Versioned<Reply<CategoryView>>, UpdateCategoryError> {
    let (catalog, if_match, body, faults) = (&catalog, &if_match, &body, &faults);
    let (version, view) = catalog
        .tree
        .commit(|tree| async move {
            let node = tree.get(id).ok_or(UpdateCategoryError::NotFound)?;
            if_match.check(node.version)?;
            let before = catalog.store.get_category(&operations::GET_CATEGORY, id).await?;
            let before = before.ok_or(UpdateCategoryError::NotFound)?;
            let (after, category) = apply(body.clone(), faults.clone(), node, &before.entity)?;
            let mut changed = node.changed(&after);
            changed.extend(before.entity.changed(&category));
            if changed.is_empty() {
                let view = CategoryView::new(&category, node, &tree, Audience::Administrators);
                return Ok(Committed::Done((node.version, view), None));
            }
            let sibling = tree.find_by_slug(node.parent, after.slug.as_str());
            if sibling.is_some_and(|sibling| sibling != id) {
                return Err(UpdateCategoryError::SlugTaken);
            }
            let Node { name, slug, status, .. } = after.clone();
            let event = CategoryUpdated {
                category_id: id,
                changed,
                name: name.clone(),
                slug: slug.clone(),
                status: status.clone(),
            };
            let entry = TreeLogEntry::after(&tree, &[TreeChange::Update { id, name, slug, status }])?;
            let category = Category { updated_at: catalog.context.clock.now(), ..category };
            let event = DomainEvent::CategoryUpdated(event);
            match catalog.store.change_category(&before, &category, event, &entry).await {
                Ok(()) => {
                    let view = CategoryView::new(&category, &after, &tree, Audience::Administrators);
                    Ok(Committed::Done((after.version, view), Some(entry)))
                }
                Err(Refused::By(CategoryRefusal::Overtaken)) => Ok(Committed::Overtaken),
                Err(Refused::By(other @ (CategoryRefusal::Repeated | CategoryRefusal::HasProducts))) => {
                    Err(Failure::internal(format!("an update was refused: {other:?}")).into())
                }
                Err(Refused::Failed(failure)) => Err(failure.into()),
            }
        })
        .await?;
    catalog.categories.forget(&id);
    Ok(Versioned(version, Reply(view)))
}

/// Node and category after the patch.
fn apply(
    body: UpdateCategoryRequest,
    mut faults: Faults,
    node: &Node,
    category: &Category,
) -> Result<(Node, Category), Faults> {
    let mut category = category.clone();
    let name = faults.patch_required("/name", body.name, |text: String| Title::parse(&text));
    let slug = faults.patch_required("/slug", body.slug, |text: String| Slug::parse(&text));
    let mut status = node.status.clone();
    let said = faults.patch_required("/status", body.status, Ok).flatten();
    faults.transition("/status", &mut status, said);
    let description =
        faults.patch("/description", body.description, |text: String| Description::parse(&text));
    let (name, slug, description) = faults.done((name, slug, description))?;
    description.apply(&mut category.description);
    let node = Node {
        name: name.unwrap_or_else(|| node.name.clone()),
        slug: slug.unwrap_or_else(|| node.slug.clone()),
        status,
        version: node.version + 1,
        ..node.clone()
    };
    Ok((node, category))
}
