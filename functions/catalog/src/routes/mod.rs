//! The group's endpoints, one a file.

mod change_product;

use crate::state::Catalog;

shared::endpoints! {
    /// The catalogue: products, and the tree of categories that they stand in.
    group catalog with state Catalog;
    create_product, list_products, get_product, find_product, replace_product, update_product, delete_product,
    import_products, get_import, export_products,
    create_category, list_categories, find_category, get_category, update_category, move_category,
    delete_category, list_children, list_subtree, list_category_products, get_health;
    alias Post "/api/v1/product" => create_product;
    alias Post "/api/v1/category" => create_category;
    alias Get "/api/v1/products_with_category/{category_id}" => list_category_products;
}
