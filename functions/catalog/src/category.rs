//! A category: what is kept of it beside its place in the tree.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::{CategoryId, UserId},
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Description, Slug, Title},
    vocabulary::{CategoryStatus, Open},
};
use utoipa::ToSchema;

use crate::tree::{Audience, Node, Rank, Tree};

/// What the tree does not know of a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id, which says when it was made.
    pub id: CategoryId,
    /// What it was in when that was last announced. The tree is what counts; this
    /// tells the listener whether there is still something to announce.
    pub parent_id: Option<CategoryId>,
    /// What there is to say about it.
    pub description: Option<Description>,
    /// Who has made it, while that is known.
    pub created_by: Option<UserId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What its index rows show: nothing, as the tree knows all.
    #[serde(default)]
    pub card: CategoryCard,
}

shared::changes! { Category: description; never id, parent_id, created_by, updated_at, card }

/// See [`Category::card`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCard {}

impl Entity for Category {
    const TYPE: &'static str = "category";

    fn key(&self) -> Key {
        schema::category(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        self.created_by.map(|user| schema::made_by(user, &self.id.to_string())).into_iter().collect()
    }
}

/// How many products a category has.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CategoryCount {
    /// The category.
    pub category_id: CategoryId,
    /// Products of every status.
    #[serde(default)]
    pub products: i64,
    /// Those that are for sale.
    #[serde(default)]
    pub active: i64,
    /// That the category is gone: it takes no product any more.
    #[serde(default)]
    pub closed: bool,
}

impl Entity for CategoryCount {
    const TYPE: &'static str = "category_count";

    fn key(&self) -> Key {
        schema::category_count(self.category_id)
    }
}

/// A category as the tree shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategorySummary {
    id: CategoryId,
    parent_id: Option<CategoryId>,
    name: Title,
    slug: Slug,
    /// Where it stands among its siblings, as a text that sorts.
    #[schema(value_type = String, examples("i0000000"))]
    rank: Rank,
    #[schema(value_type = CategoryStatus)]
    status: Open<CategoryStatus>,
    /// How many categories are above it.
    #[schema(examples(1))]
    level: usize,
    /// Grows with every change; the `ETag` of the category holds it.
    #[schema(examples(1))]
    version: u64,
}

impl CategorySummary {
    /// The category `id`, `level` levels below the top.
    pub fn new(id: CategoryId, node: &Node, level: usize) -> Self {
        Self {
            id,
            parent_id: node.parent,
            name: node.name.clone(),
            slug: node.slug.clone(),
            rank: node.rank.clone(),
            status: node.status.clone(),
            level,
            version: node.version,
        }
    }
}

/// A step of the way from the top to a category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Crumb {
    id: CategoryId,
    name: Title,
    slug: Slug,
}

/// A category.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryView {
    #[serde(flatten)]
    summary: CategorySummary,
    description: Option<Description>,
    /// The way here from the top, without the category itself.
    breadcrumb: Vec<Crumb>,
    /// Number of its direct subcategories that the caller may see.
    #[schema(examples(3))]
    child_count: usize,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// Products of it that are for sale. May be a minute old.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(12))]
    product_count: Option<i64>,
    /// Number of products for sale in it and in all subcategories that the caller
    /// may see. A product in two of them counts twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(340))]
    total_product_count: Option<i64>,
}

impl CategoryView {
    /// A category in its tree, of which it need not be a part yet.
    pub fn new(category: &Category, node: &Node, tree: &Tree, audience: Audience) -> Self {
        let crumb = |id: CategoryId| {
            tree.get(id).map(|node| Crumb { id, name: node.name.clone(), slug: node.slug.clone() })
        };
        let above = node.parent.into_iter().chain(node.parent.into_iter().flat_map(|id| tree.ancestors(id)));
        let mut breadcrumb: Vec<Crumb> = above.filter_map(crumb).collect();
        breadcrumb.reverse();
        Self {
            summary: CategorySummary::new(category.id, node, breadcrumb.len()),
            description: category.description.clone(),
            breadcrumb,
            child_count: tree.shown_children(category.id, audience).count(),
            created_at: category.id.created_at(),
            updated_at: category.updated_at,
            product_count: None,
            total_product_count: None,
        }
    }

    /// With how many products there are.
    #[must_use]
    pub fn with_counts(self, own: i64, total: i64) -> Self {
        Self { product_count: Some(own), total_product_count: Some(total), ..self }
    }
}
