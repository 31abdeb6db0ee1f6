//! `POST /api/v1/categories`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    bus::{DomainEvent, events::CategoryCreated},
    http::{
        Created, Faults, Field, IdempotencyKey, Idempotent, KeptReply, KeyReused, Replayable, Versioned, once,
    },
    id::CategoryId,
    identity::{Require, permission::ManageCatalog},
    text::{Description, Invalid, Slug, Title, slug},
    vocabulary::CategoryStatus,
};
use utoipa::ToSchema;

use crate::{
    category::{Category, CategoryCard, CategoryView},
    problems::SLUG_TAKEN,
    state::Catalog,
    store::CategoryRefusal,
    tree::{Audience, Committed, Node, Tree, TreeChange, TreeLogEntry},
};

/// A new category.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "name": "Tea", "slug": "tea", "description": "Leaves of one plant.", "status": "active" })))]
pub struct CreateCategoryRequest {
    /// Name.
    #[schema(value_type = Title)]
    name: Field<String>,
    /// Parent category. Absent for a category at the top level.
    #[schema(value_type = Option<CategoryId>)]
    parent_id: Field<CategoryId>,
    /// Slug: name in URLs, unique among its siblings. Defaults to one made from the
    /// name.
    #[schema(value_type = Option<Slug>)]
    slug: Field<String>,
    /// Description.
    #[schema(value_type = Option<Description>)]
    description: Field<String>,
    /// Status. Defaults to `active`.
    #[schema(value_type = Option<CategoryStatus>)]
    status: Field<CategoryStatus>,
}

shared::problems! {
    /// Errors of creating a category.
    pub enum CreateCategoryError {
        SlugTaken => SLUG_TAKEN,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

type CreatedCategory = Versioned<Created<KeptReply<CategoryView>>>;

/// Create a category
///
/// Creates a category at any depth, after its siblings. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/categories",
    params(IdempotencyKey),
    security(("bearer" = ["manage_catalog"])),
    request_body = CreateCategoryRequest,
    responses(Replayable<CreatedCategory>, CreateCategoryError),
)]
pub async fn create_category(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    Idempotent(body, faults, attempt): Idempotent<CreateCategoryRequest>,
) -> Result<Replayable<CreatedCategory>, CreateCategoryError> {
    let id: CategoryId = catalog.context.ids.next();
    let now = id.created_at();
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
    let create = catalog.tree.commit(|tree| async move {
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
        let reply = KeptReply::new(&CategoryView::new(category, &node, &tree, Audience::Administrators))?;
        let record = record.map(|record| record.clone().with_reply(&reply));
        match store.create_category(category, event, &entry, record.as_ref()).await {
            Ok(()) => Ok(Committed::Done(Some(created(&id.to_string(), reply)), Some(entry))),
            Err(Refused::By(CategoryRefusal::Repeated)) => Ok(Committed::Done(None, None)),
            Err(Refused::By(CategoryRefusal::Overtaken)) => Ok(Committed::Overtaken),
            Err(Refused::By(CategoryRefusal::HasProducts)) => {
                Err(Failure::internal("a new category has products").into())
            }
            Err(Refused::Failed(failure)) => Err::<_, CreateCategoryError>(failure.into()),
        }
    });
    let first = async {
        let first = store.first_reply(record).await?;
        Ok(first.map(|(id, reply)| created(&id, reply)))
    };
    once(create, first).await
}

fn created(id: &str, body: KeptReply<CategoryView>) -> CreatedCategory {
    Versioned(1, Created { location: format!("/api/v1/categories/{id}"), body })
}

/// Node of the new category, or the reason for its refusal.
fn place(
    tree: &Tree,
    id: CategoryId,
    parent: Option<CategoryId>,
    name: Title,
    slug: Option<Slug>,
    status: CategoryStatus,
) -> Result<Node, CreateCategoryError> {
    if parent.is_some_and(|parent| tree.get(parent).is_none()) {
        let invalid = Invalid::new("unknown_category", "The category does not exist.");
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

/// Slug made from the name; if a sibling has it, with the end of the id. A name without
/// letters gives the id.
fn own_slug(name: &Title, id: CategoryId, taken: impl Fn(&Slug) -> bool) -> Result<Slug, Failure> {
    let id = id.to_string().replace('_', "-");
    let end = &id[id.len().saturating_sub(12)..];
    let own = slug(name.as_str(), 100);
    let longer = slug(name.as_str(), 100 - 1 - end.len()).map(|slug| format!("{slug}-{end}"));
    let mut slugs = own.into_iter().chain(longer).filter_map(|slug| Slug::parse(&slug).ok());
    slugs.find(|slug| !taken(slug)).map_or_else(|| Slug::parse(&id).map_err(Failure::internal), Ok)
}

/// Valid body.
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
