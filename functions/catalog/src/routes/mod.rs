//! The group's endpoints, one a file.

mod change_product;
mod create_category;
mod create_product;
mod delete_category;
mod delete_product;
mod export_products;
mod find_category;
mod find_product;
mod get_category;
mod get_health;
mod get_import;
mod get_product;
mod import_products;
mod list_categories;
mod list_category_products;
mod list_children;
mod list_products;
mod list_subtree;
mod move_category;
mod replace_product;
mod update_category;
mod update_product;

use crate::state::Catalog;

shared::endpoints! {
    group catalog with state Catalog;
    /// Products with variants, SKUs, list prices and attributes. Reading needs no token.
    /// Creating and changing them needs an administrator or, for the products of an
    /// organisation, an editor or a higher role in it.
    ///
    /// 1. `POST /api/v1/products` creates a product with its opening stock.
    /// 2. `GET /api/v1/products` lists products with filters, words and cursors.
    /// 3. `PATCH /api/v1/products/{product_id}` with the `ETag` in `If-Match` changes single
    ///    fields.
    tag products;
    /// Tree of product categories, nested without limit. Moving a category takes a constant
    /// number of writes, however large its subtree is.
    ///
    /// 1. `POST /api/v1/categories` creates a category, at the root or below `parent_id`.
    /// 2. `GET /api/v1/categories/{category_id}/products` lists the products of the category
    ///    and its descendants.
    /// 3. `POST /api/v1/categories/{category_id}/move` moves it with its whole subtree.
    tag categories;
    create_product, list_products, get_product, find_product, replace_product, update_product, delete_product,
    import_products, get_import, export_products,
    create_category, list_categories, find_category, get_category, update_category, move_category,
    delete_category, list_children, list_subtree, list_category_products, get_health;
    alias Post "/api/v1/product" => create_product;
    alias Post "/api/v1/category" => create_category;
    alias Get "/api/v1/products_with_category/{category_id}" => list_category_products;
}
