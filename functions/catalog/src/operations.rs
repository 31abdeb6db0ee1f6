//! Table operations of the group, with their costs.

shared::operations! {
    /// Reads the claim of a slug.
    GET_SLUG = "catalog.get_slug": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a category.
    GET_CATEGORY = "catalog.get_category": 1 round trip, 1.0 read, 0.0 write;
    /// Creates a category: its item, an entry of the log, the idempotency record.
    CREATE_CATEGORY = "catalog.create_category": 1 round trip, 0.0 read, 7.0 write;
    /// Updates or moves a category, with any subtree: its item and an entry of the log.
    CHANGE_CATEGORY = "catalog.change_category": 1 round trip, 0.0 read, 4.0 write;
    /// Deletes a category: a tombstone, its count, an entry of the log.
    DELETE_CATEGORY = "catalog.delete_category": 1 round trip, 0.0 read, 7.0 write;
    /// Reads an idempotency record.
    GET_IDEMPOTENCY_RECORD = "catalog.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a product: 1 to 4 KB.
    GET_PRODUCT = "catalog.get_product": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the role of an account in an organisation, and its status.
    GET_STANDING = "catalog.get_standing": 1 round trip, 2.0 read, 0.0 write;
    /// Reads the status of an organisation.
    GET_ORGANIZATION_STATUS = "catalog.get_organization_status": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the numbers of products of an organisation.
    GET_SELLER_COUNT = "catalog.get_seller_count": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the claim of a SKU.
    GET_SKU = "catalog.get_sku": 1 round trip, 1.0 read, 0.0 write;
    /// Creates a product with its claims and rows, in a transaction, which doubles the
    /// cost. With one category, a title of two words, two SKUs and a listed attribute.
    CREATE_PRODUCT = "catalog.create_product": 1 round trip, 0.0 read, 44.0 write;
    /// Replaces a product with its changed claims and rows: title, slug, SKUs,
    /// category. Unchanged ones are not written.
    REPLACE_PRODUCT = "catalog.replace_product": 1 round trip, 0.0 read, 64.0 write;
    /// Deletes a product with its claims and rows.
    DELETE_PRODUCT = "catalog.delete_product": 1 round trip, 0.0 read, 36.0 write;
    /// Reads the product counts of all categories: 0.1 KB each, at most once a minute
    /// and instance.
    LIST_COUNTS = "catalog.list_counts": 1 round trip, 1.0 read, 0.0 write;
    /// Lists products: 0.3 KB each, plus what is on a row's card.
    LIST_PRODUCTS = "catalog.list_products": 1 round trip, 0.5 read, 0.0 write;
    /// Writes a part of a snapshot: 0.1 KB a category.
    PUT_SNAPSHOT_PART = "catalog.put_snapshot_part": 1 round trip, 0.0 read, 3.0 write;
    /// Marks a snapshot as the latest.
    PUT_SNAPSHOT = "catalog.put_snapshot": 1 round trip, 0.0 read, 1.0 write;
    /// Removes the parts of the previous snapshot, in a transaction, which doubles the
    /// cost.
    REMOVE_SNAPSHOT = "catalog.remove_snapshot": 1 round trip, 0.0 read, 6.0 write;
    /// Reads the new entries of the log, 0.2 KB a change: one round trip gives the
    /// tree's number and its changes.
    FOLLOW_TREE = "catalog.follow_tree": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the location of the latest snapshot.
    GET_SNAPSHOT = "catalog.get_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a snapshot: 0.1 KB a category.
    LIST_SNAPSHOT = "catalog.list_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Begins an import.
    PUT_IMPORT = "catalog.put_import": 1 round trip, 0.0 read, 1.0 write;
    /// Writes a chunk of a few rows: 0.2 KB each.
    PUT_IMPORT_CHUNK = "catalog.put_import_chunk": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an import and the results of its chunks.
    LIST_IMPORT = "catalog.list_import": 2 round trips, 2.0 read, 0.0 write;
    /// Reads a chunk of a few rows: 0.2 KB each.
    GET_IMPORT_CHUNK = "catalog.get_import_chunk": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the result of a chunk, if it has been processed.
    GET_IMPORT_RESULT = "catalog.get_import_result": 1 round trip, 1.0 read, 0.0 write;
    /// Writes the result of a chunk.
    PUT_IMPORT_RESULT = "catalog.put_import_result": 1 round trip, 0.0 read, 1.0 write;
    /// Lists the items created by a person, to erase the creator.
    LIST_MADE_BY = "catalog.list_made_by": 1 round trip, 0.5 read, 0.0 write;
    /// Erases the creator of a product.
    FORGET_PRODUCT_MAKER = "catalog.forget_product_maker": 1 round trip, 0.0 read, 3.0 write;
    /// Erases the creator of a category.
    FORGET_CATEGORY_MAKER = "catalog.forget_category_maker": 1 round trip, 0.0 read, 2.0 write;
    /// Writes the group's part of an export.
    PUT_EXPORT_PART = "catalog.put_export_part": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the group's part of an export as complete.
    FINISH_EXPORT = "catalog.finish_export": 1 round trip, 0.0 read, 1.0 write;
    /// Closes the count of a deleted category.
    CLOSE_COUNT = "catalog.close_count": 1 round trip, 0.0 read, 1.0 write;
    /// Deletes a child of a deleted category.
    DELETE_CHILD = "catalog.delete_child": 1 round trip, 0.0 read, 2.0 write;
    /// Records the new parent of a child of a deleted category.
    MOVE_CHILD = "catalog.move_child": 1 round trip, 0.0 read, 1.0 write;
    /// Records in the log that these children are settled.
    NOTE_SETTLED = "catalog.note_settled": 1 round trip, 0.0 read, 1.0 write;
    /// Lists the products of an organisation whose status has changed.
    LIST_SELLER = "catalog.list_seller": 1 round trip, 0.5 read, 0.0 write;
    /// Lists the products of a deleted category.
    LIST_CATEGORY = "catalog.list_category": 1 round trip, 0.5 read, 0.0 write;
}
