//! The problems of this group.

use shared::{
    http::{Faults, problem::Named},
    text::Invalid,
};

/// A category that would become its own ancestor.
pub(crate) const CATEGORY_CYCLE: Named =
    Named::new(409, "category_cycle", "A category cannot be moved into itself or its subtree.").explained(
        "The new parent is the category itself or one of its descendants.",
        "Choose a parent outside the category's subtree.",
    );
/// A deletion of a category with children or products.
pub(crate) const CATEGORY_NOT_EMPTY: Named =
    Named::new(409, "category_not_empty", "The category has subcategories or products.").explained(
        "The category has subcategories or products, and the request does not say how to treat them.",
        "Move or delete them first, or delete with another `mode`.",
    );
/// A SKU of another product.
pub(crate) const SKU_TAKEN: Named = Named::new(409, "sku_taken", "Another product has one of these SKUs.")
    .explained(
        "A SKU identifies one product or variant of the whole catalogue, and another product has this one, perhaps of another seller.",
        "Choose another SKU, or update the product that has it.",
    );
/// A slug of another product, or of a sibling category.
pub(crate) const SLUG_TAKEN: Named =
    Named::new(409, "slug_taken", "Another product, or a sibling category, has this slug.").explained(
        "Another product, or a category with the same parent, has this slug.",
        "Choose another slug, or leave it out: the platform then derives a free one from the name.",
    );

/// The fault of a seller that does not exist.
pub(crate) fn unknown_seller() -> Faults {
    Faults::one("/seller", Invalid::new("unknown_organization", "The organisation does not exist."))
}
