//! Categories, without their place in the tree.

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

/// Part of a category that is not in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Id, which holds the creation time.
    pub id: CategoryId,
    /// Parent when the last change was published. The tree decides; with this the
    /// consumer knows if an event is still to be published.
    pub parent_id: Option<CategoryId>,
    /// Description.
    pub description: Option<Description>,
    /// Account that created it; `None` once that account is deleted.
    pub created_by: Option<UserId>,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Content of its index rows: nothing, as the tree has all.
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

/// Number of products in a category.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CategoryCount {
    /// Category.
    pub category_id: CategoryId,
    /// Products of every status.
    #[serde(default)]
    pub products: i64,
    /// Active products that are not withheld from the public.
    #[serde(default)]
    pub active: i64,
    /// True for a deleted category, which takes no more products.
    #[serde(default)]
    pub closed: bool,
}

impl Entity for CategoryCount {
    const TYPE: &'static str = "category_count";

    fn key(&self) -> Key {
        schema::category_count(self.category_id)
    }
}

/// A category in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategorySummary {
    id: CategoryId,
    parent_id: Option<CategoryId>,
    name: Title,
    slug: Slug,
    /// Sort key among its siblings; compare as text.
    #[schema(value_type = String, examples("i0000000"))]
    rank: Rank,
    #[schema(value_type = CategoryStatus)]
    status: Open<CategoryStatus>,
    /// Depth below the top level, which is 0.
    #[schema(examples(1))]
    level: usize,
    /// Version, incremented by each change and held by the `ETag` of the category.
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

/// An ancestor in a breadcrumb.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BreadcrumbItem)]
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
    /// Ancestors from the top level to the parent.
    breadcrumb: Vec<Crumb>,
    /// Number of direct subcategories visible to the caller.
    #[schema(examples(3))]
    child_count: usize,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// Number of active products in the category that are not withheld, up to one minute
    /// old.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(12))]
    product_count: Option<i64>,
    /// Number of active products in the category and its visible subtree that are not
    /// withheld, up to one minute old. A product in two of these categories counts twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(340))]
    total_product_count: Option<i64>,
}

impl CategoryView {
    /// A category with its place in the tree, which need not hold it yet.
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

    /// The view with its product counts.
    #[must_use]
    pub fn with_counts(self, own: i64, total: i64) -> Self {
        Self { product_count: Some(own), total_product_count: Some(total), ..self }
    }
}
