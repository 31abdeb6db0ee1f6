//! All that the group asks of the table, and what it may cost.

shared::operations! {
    /// Reads whose slug one is.
    GET_SLUG = "catalog.get_slug": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a category.
    GET_CATEGORY = "catalog.get_category": 1 round trip, 1.0 read, 0.0 write;
    /// Makes a category: its item, an entry of the log, the record that makes
    /// it safe to repeat.
    CREATE_CATEGORY = "catalog.create_category": 1 round trip, 0.0 read, 7.0 write;
    /// Changes or moves a category, whatever is below it: its item and an entry
    /// of the log.
    CHANGE_CATEGORY = "catalog.change_category": 1 round trip, 0.0 read, 4.0 write;
    /// Deletes a category: a tombstone, its count, an entry of the log.
    DELETE_CATEGORY = "catalog.delete_category": 1 round trip, 0.0 read, 7.0 write;
    /// Reads what a repeated request has made before.
    GET_IDEMPOTENCY_RECORD = "catalog.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a product: 1 to 4 KB.
    GET_PRODUCT = "catalog.get_product": 1 round trip, 1.0 read, 0.0 write;
    /// Reads whose SKU one is.
    GET_SKU = "catalog.get_sku": 1 round trip, 1.0 read, 0.0 write;
    /// Makes a product, and whatever names and lists it: in a transaction, which
    /// doubles. With one category, a title of two words, two SKUs and a listed
    /// attribute.
    CREATE_PRODUCT = "catalog.create_product": 1 round trip, 0.0 read, 44.0 write;
    /// Writes a product anew with all of its names and places: title, slug, SKUs,
    /// category. What stays the same is not written.
    REPLACE_PRODUCT = "catalog.replace_product": 1 round trip, 0.0 read, 64.0 write;
    /// Deletes a product, and whatever names and lists it.
    DELETE_PRODUCT = "catalog.delete_product": 1 round trip, 0.0 read, 36.0 write;
    /// Reads how many products every category has: 0.1 KB each, at most once a
    /// minute and instance.
    LIST_COUNTS = "catalog.list_counts": 1 round trip, 1.0 read, 0.0 write;
    /// Lists products: 0.3 KB each, and as much more as stands on a row's card.
    LIST_PRODUCTS = "catalog.list_products": 1 round trip, 0.5 read, 0.0 write;
    /// Writes a part of a snapshot: 0.1 KB a category.
    PUT_SNAPSHOT_PART = "catalog.put_snapshot_part": 1 round trip, 0.0 read, 3.0 write;
    /// Makes a snapshot the latest.
    PUT_SNAPSHOT = "catalog.put_snapshot": 1 round trip, 0.0 read, 1.0 write;
    /// Removes the parts of the one before: in a transaction, which doubles.
    REMOVE_SNAPSHOT = "catalog.remove_snapshot": 1 round trip, 0.0 read, 6.0 write;
    /// Reads on in the log, 0.2 KB a change: one round trip tells the tree's
    /// number and what has changed.
    FOLLOW_TREE = "catalog.follow_tree": 1 round trip, 1.0 read, 0.0 write;
    /// Reads where the latest snapshot is.
    GET_SNAPSHOT = "catalog.get_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Reads a snapshot: 0.1 KB a category.
    LIST_SNAPSHOT = "catalog.list_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Begins an import.
    PUT_IMPORT = "catalog.put_import": 1 round trip, 0.0 read, 1.0 write;
    /// Writes a chunk of a few rows: 0.2 KB each.
    PUT_IMPORT_CHUNK = "catalog.put_import_chunk": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an import and what came of its chunks.
    LIST_IMPORT = "catalog.list_import": 2 round trips, 2.0 read, 0.0 write;
    /// Reads a chunk of a few rows: 0.2 KB each.
    GET_IMPORT_CHUNK = "catalog.get_import_chunk": 1 round trip, 1.0 read, 0.0 write;
    /// Reads whether a chunk has been processed.
    GET_IMPORT_RESULT = "catalog.get_import_result": 1 round trip, 1.0 read, 0.0 write;
    /// Writes what came of a chunk.
    PUT_IMPORT_RESULT = "catalog.put_import_result": 1 round trip, 0.0 read, 1.0 write;
    /// Lists what somebody has made, to forget who it was.
    LIST_MADE_BY = "catalog.list_made_by": 1 round trip, 0.5 read, 0.0 write;
    /// Forgets who has made a product.
    FORGET_PRODUCT_MAKER = "catalog.forget_product_maker": 1 round trip, 0.0 read, 3.0 write;
    /// Forgets who has made a category.
    FORGET_CATEGORY_MAKER = "catalog.forget_category_maker": 1 round trip, 0.0 read, 2.0 write;
    /// Writes the group's part of an export.
    PUT_EXPORT_PART = "catalog.put_export_part": 1 round trip, 0.0 read, 1.0 write;
    /// Notes that the part is whole.
    FINISH_EXPORT = "catalog.finish_export": 1 round trip, 0.0 read, 1.0 write;
    /// Closes the count of a category that is gone.
    CLOSE_COUNT = "catalog.close_count": 1 round trip, 0.0 read, 1.0 write;
    /// Deletes a category that was in one that is gone.
    DELETE_CHILD = "catalog.delete_child": 1 round trip, 0.0 read, 2.0 write;
    /// Notes where a category is now that was in one that is gone.
    MOVE_CHILD = "catalog.move_child": 1 round trip, 0.0 read, 1.0 write;
    /// Notes in the log that such categories say where they are.
    NOTE_SETTLED = "catalog.note_settled": 1 round trip, 0.0 read, 1.0 write;
    /// Lists the products of a category that is gone.
    LIST_CATEGORY = "catalog.list_category": 1 round trip, 0.5 read, 0.0 write;
}
