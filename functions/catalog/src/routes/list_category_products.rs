//! `GET /api/v1/categories/{category_id}/products`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{
        InvalidCursor, List, Page, Paging, Path, Problem, PublicReply,
        problem::{NOT_FOUND, UNSUPPORTED_FILTER_COMBINATION},
    },
    id::CategoryId,
    identity::MaybeCaller,
    vocabulary::ProductStatus,
};
use utoipa::IntoParams;

use super::list_products::{ListProductsError, selection, shown_status};
use crate::{
    lists::{Order, Position, StatusFilter},
    product::ProductSummary,
    state::{Catalog, Reader},
    tree::Tree,
};

/// Filters of a category's products.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CategoryProductFilters {
    /// Includes the products of the subtree. With more than 64 populated categories,
    /// they are listed one after the other in tree order.
    descendants: Option<bool>,
    /// Filter by status. Defaults to `active`; other statuses require an administrator.
    #[param(inline)]
    status: Option<ProductStatus>,
    /// Sort order. Defaults to `-created_at`.
    #[param(inline)]
    sort: Option<Order>,
    /// Filter by currency. Requires a sort by price.
    #[param(value_type = Option<String>, example = "EUR")]
    currency: Option<String>,
    /// Minimum price, inclusive, in minor units. Requires `currency`.
    price_gte: Option<u64>,
    /// Maximum price, inclusive, in minor units. Requires `currency`.
    price_lte: Option<u64>,
}

shared::problems! {
    /// Errors of listing a category's products.
    pub enum ListCategoryProductsError {
        NotFound => NOT_FOUND,
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
    }
}

impl From<ListProductsError> for ListCategoryProductsError {
    fn from(error: ListProductsError) -> Self {
        match error {
            ListProductsError::Unsupported => Self::Unsupported,
            ListProductsError::Cursor(cursor) => Self::Cursor(cursor),
            ListProductsError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// List the products of a category
///
/// Lists each product once, also if it is in several of the categories. Withheld products are
/// listed for administrators only. Eventually consistent: a change appears after a short delay.
#[utoipa::path(
    get,
    path = "/api/v1/categories/{category_id}/products",
    params(
        ("category_id" = CategoryId, Path, description = "The category's id."),
        CategoryProductFilters,
        Paging,
    ),
    security((), ("bearer" = ["manage_catalog"])),
    responses(PublicReply<Page<ProductSummary>>, ListCategoryProductsError),
)]
pub async fn list_category_products(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<CategoryId>,
    List { filters, paging }: List<CategoryProductFilters>,
) -> Result<PublicReply<Page<ProductSummary>>, Problem> {
    let reader = Reader::of(caller.as_ref());
    let status = shown_status(filters.status, reader, reader.is_administrator())?;
    let (tree, age) = catalog.tree_for(reader).await?;
    let categories = categories(&tree, reader, id, filters.descendants == Some(true))?;
    let body = page(&catalog, &categories, status, filters, &paging).await?;
    Ok(PublicReply { body, max_age_seconds: reader.max_age_seconds(age) })
}

/// Categories to list, without those that never had a product.
fn categories(
    tree: &Tree,
    reader: Reader,
    id: CategoryId,
    descendants: bool,
) -> Result<Vec<CategoryId>, ListCategoryProductsError> {
    tree.find(id, reader.audience).ok_or(ListCategoryProductsError::NotFound)?;
    let depth = if descendants { None } else { Some(0) };
    let walk = tree.walk(Some(id), depth, None, reader.audience).into_iter().flatten();
    let populated = |id: &CategoryId| tree.get(*id).is_some_and(|node| node.populated);
    Ok(walk.map(|(_, id)| id).filter(populated).collect())
}

async fn page(
    catalog: &Catalog,
    categories: &[CategoryId],
    status: StatusFilter,
    filters: CategoryProductFilters,
    paging: &Paging,
) -> Result<Page<ProductSummary>, ListCategoryProductsError> {
    let CategoryProductFilters { sort, currency, price_gte, price_lte, .. } = filters;
    let selection = selection(status, sort, currency.as_deref(), price_gte, price_lte)?;
    let after: Option<Position> = paging.after(None)?;
    let found = catalog.store.list_products_of_all(categories, selection, after, paging.to_read()).await?;
    let found = found.ok_or(InvalidCursor)?;
    let page = paging.page(None, found, |(_, position)| position.clone())?;
    Ok(page.map(|(product, _)| product.into()))
}
