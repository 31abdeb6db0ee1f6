//! `POST /api/v1/categories`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    bus::{DomainEvent, events::CategoryCreated},
    http::{
        Created, Faults, Field, IdempotencyKey, IdempotencyRecord, Idempotent, KeyReused, Replayable,
        Versioned,
    },
    id::CategoryId,
    identity::{Require, permission::ManageCatalog},
    text::{Description, Invalid, Slug, Title},
    vocabulary::CategoryStatus,
};
use utoipa::ToSchema;

use crate::{
    category::{Category, CategoryCard, CategoryView},
    operations,
    state::Catalog,
    store::CategoryRefusal,
    tree::{Committed, Node, Tree, TreeChange, TreeLogEntry},
    words::normalized,
};

/// A new category.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "name": "Tea", "slug": "tea", "description": "Leaves of one plant.", "status": "active" })))]
pub struct CreateCategoryRequest {
    /// What it is called.
    #[schema(value_type = Title)]
    name: Field<String>,
    /// The category that it is to be in; none for one at the top.
    #[schema(value_type = Option<CategoryId>)]
    parent_id: Field<CategoryId>,
    /// Its name in paths, which no sibling has; made of the name where none is
    /// given.
    #[schema(value_type = Option<Slug>)]
    slug: Field<String>,
    /// What there is to say about it.
    #[schema(value_type = Option<Description>)]
    description: Field<String>,
    /// `active` where nothing is said.
    #[schema(value_type = Option<CategoryStatus>)]
    status: Field<CategoryStatus>,
}

shared::problems! {
    /// Why no category is made.
    pub enum CreateCategoryError {
        /// Another product or category here has this slug.
        SlugTaken => 409 slug_taken,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// This Idempotency-Key was used for another request.
        KeyReused(#[from] KeyReused) => 422 idempotency_key_reused,
    }
}

type CreatedCategory = Replayable<Versioned<Created<CategoryView>>>;

/// Make a category
///
/// For administrators. At any depth; behind its siblings.
#[utoipa::path(
    post,
    path = "/api/v1/categories",
    params(IdempotencyKey),
    security(("bearer" = ["manage_catalog"])),
    request_body = CreateCategoryRequest,
    responses(CreatedCategory, CreateCategoryError),
)]
pub async fn create_category(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    Idempotent(body, faults, attempt): Idempotent<CreateCategoryRequest>,
) -> Result<CreatedCategory, CreateCategoryError> {
    let now = catalog.context.clock.now();
    let id: CategoryId = catalog.context.ids.next();
    let record = attempt.record(administrator.user_id, &[], id, now);
    let NewCategory { name, parent, slug, description, status } = parse(body, faults)?;
    let made_by = Some(administrator.user_id);
    let category = Category {
        id,
        parent_id: parent,
        description,
        created_by: made_by,
        updated_at: now,
        card: CategoryCard {},
    };
    let (store, category, record, name, slug) = (&catalog.store, &category, record.as_ref(), &name, &slug);
    let made: Result<Option<CategoryView>, CreateCategoryError> = catalog
        .tree
        .commit(|tree| async move {
            let node = place(&tree, id, parent, name.clone(), slug.clone(), status)?;
            let change = TreeChange::Create {
                id,
                parent,
                rank: node.rank.clone(),
                name: node.name.clone(),
                slug: node.slug.clone(),
                status: status.into(),
            };
            let entry = TreeLogEntry::after(&tree, &[change])?;
            let event = DomainEvent::CategoryCreated(CategoryCreated {
                category_id: id,
                parent_id: parent,
                name: node.name.clone(),
                slug: node.slug.clone(),
                status: status.into(),
            });
            match store.create_category(category, event, &entry, record).await {
                Ok(()) => Ok(Committed::Done(Some(CategoryView::new(category, &node, &tree)), Some(entry))),
                Err(CategoryRefusal::Repeated) => Ok(Committed::Done(None, None)),
                Err(CategoryRefusal::Overtaken) => Ok(Committed::Overtaken),
                Err(CategoryRefusal::HasProducts) => {
                    Err(Failure::internal("a new category has products").into())
                }
                Err(CategoryRefusal::Failed(failure)) => Err::<_, CreateCategoryError>(failure.into()),
            }
        })
        .await;
    match made {
        Ok(Some(made)) => Ok(created(false, id, 1, made)),
        Ok(None) => made_before(&catalog, record).await,
        // An earlier attempt may have taken the slug itself, or its parent is gone
        // since.
        Err(CreateCategoryError::SlugTaken | CreateCategoryError::Invalid(_))
            if store.was_made(record).await? =>
        {
            made_before(&catalog, record).await
        }
        Err(refused) => Err(refused),
    }
}

fn created(replayed: bool, id: CategoryId, version: u64, body: CategoryView) -> CreatedCategory {
    let location = format!("/api/v1/categories/{id}");
    Replayable { replayed, reply: Versioned(version, Created { location, body }) }
}

/// Where a new category stands, if it may.
fn place(
    tree: &Tree,
    id: CategoryId,
    parent: Option<CategoryId>,
    name: Title,
    slug: Option<Slug>,
    status: CategoryStatus,
) -> Result<Node, CreateCategoryError> {
    if parent.is_some_and(|parent| tree.get(parent).is_none()) {
        let invalid = Invalid::new("unknown_category", "There is no such category.");
        return Err(Faults::one("/parent_id", invalid).into());
    }
    let taken = |slug: &Slug| tree.find_by_slug(parent, slug.as_str()).is_some();
    let slug = match slug {
        Some(slug) if taken(&slug) => return Err(CreateCategoryError::SlugTaken),
        Some(slug) => slug,
        None => own_slug(&name, id, taken)?,
    };
    let rank = tree.rank(parent, None);
    Ok(Node { parent, rank, name, slug, status: status.into(), version: 1, populated: false })
}

/// A slug made of the name; where that has no letters for it, or a sibling has it
/// already, of the id.
fn own_slug(name: &Title, id: CategoryId, taken: impl Fn(&Slug) -> bool) -> Result<Slug, Failure> {
    let words = normalized(name.as_str());
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty() && word.is_ascii()).collect();
    let end = words.join("-");
    match Slug::parse(&end[..end.len().min(100)]) {
        Ok(slug) if !taken(&slug) => Ok(slug),
        Ok(_) | Err(_) => Slug::parse(&id.to_string().replace('_', "-")).map_err(Failure::internal),
    }
}

/// What a request has made that comes again.
async fn made_before(
    catalog: &Catalog,
    record: Option<&IdempotencyRecord>,
) -> Result<CreatedCategory, CreateCategoryError> {
    let gone = || Failure::unavailable("what was made before cannot be shown");
    let record = record.ok_or_else(gone)?;
    let first = catalog.store.get_idempotency_record(record).await?.ok_or_else(gone)?;
    let id: CategoryId = record.repeats(&first)?.parse().map_err(Failure::internal)?;
    let category = catalog.store.get_category(&operations::GET_CATEGORY, id).await?.ok_or_else(gone)?;
    let tree = catalog.tree.fresh().await?;
    let node = tree.get(id).ok_or_else(gone)?;
    Ok(created(true, id, node.version, CategoryView::new(&category.entity, node, &tree)))
}

/// A body whose every field is valid.
struct NewCategory {
    name: Title,
    parent: Option<CategoryId>,
    slug: Option<Slug>,
    description: Option<Description>,
    status: CategoryStatus,
}

fn parse(body: CreateCategoryRequest, mut faults: Faults) -> Result<NewCategory, Faults> {
    let name = faults.required("/name", body.name, |text: String| Title::parse(&text));
    let parent = faults.optional("/parent_id", body.parent_id, Ok);
    let slug = faults.optional("/slug", body.slug, |text: String| Slug::parse(&text));
    let description =
        faults.optional("/description", body.description, |text: String| Description::parse(&text));
    let status = faults.optional("/status", body.status, Ok);
    let (name, parent, slug, description, status) = faults.done((name, parent, slug, description, status))?;
    Ok(NewCategory { name, parent, slug, description, status: status.unwrap_or(CategoryStatus::Active) })
}
