//! The problems of this group.

use shared::http::problem::Named;

/// A category that would become its own ancestor.
pub(crate) const CATEGORY_CYCLE: Named =
    Named::new(409, "category_cycle", "A category cannot be moved into itself or its subtree.");
/// A deletion of a category with children or products.
pub(crate) const CATEGORY_NOT_EMPTY: Named =
    Named::new(409, "category_not_empty", "The category has subcategories or products.");
/// A SKU of another product.
pub(crate) const SKU_TAKEN: Named = Named::new(409, "sku_taken", "Another product has one of these SKUs.");
/// A slug of another product, or of a sibling category.
pub(crate) const SLUG_TAKEN: Named =
    Named::new(409, "slug_taken", "Another product, or a sibling category, has this slug.");
