//! Table operations of the group, with their costs.

shared::operations! {
    /// Reads the variants of SKUs: the cost of each, and twice that if consistent.
    GET_SKUS = "orders.get_skus": 1 round trip, 0.5 read, 0.0 write;
    /// Reads offers, and the permission to order: the cost of each.
    GET_OFFERS = "orders.get_offers": 1 round trip, 0.5 read, 0.0 write;
    /// Reads offers consistently, or their buckets, or a buyer: the cost of each.
    GET_STOCK = "orders.get_stock": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the offers of products: the cost of each.
    GET_PRODUCTS = "orders.get_products": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the role of an account in an organisation, and its status.
    GET_STANDING = "orders.get_standing": 1 round trip, 2.0 read, 0.0 write;
    /// Places an order of one SKU: the order of under 2 KB with its three index rows, a
    /// reservation with its row in the low-stock list, and the buyer. Each further SKU
    /// costs less than that, and so do the check and the row of an organisation.
    PLACE_ORDER = "orders.place_order": 1 round trip, 0.0 read, 12.0 write;
    /// Reads an order.
    GET_ORDER = "orders.get_order": 1 round trip, 1.0 read, 0.0 write;
    /// Changes an order of one SKU, and its stock: one of its index rows moves, another
    /// is removed, and the stock's row changes. Its buyer is written with it. The checks and
    /// the row of an organisation are a further use.
    CHANGE_ORDER = "orders.change_order": 1 round trip, 0.0 read, 13.0 write;
    /// Changes an order, and no stock. The row of an organisation is a further use.
    REPLACE_ORDER = "orders.replace_order": 1 round trip, 0.0 read, 5.0 write;
    /// Lists orders: one partition of up to seven, which are read at the same time.
    LIST_ORDERS = "orders.list_orders": 1 round trip, 0.5 read, 0.0 write;
    /// Lists the orders to expire, a shard at a time.
    LIST_EXPIRED = "orders.list_expired": 1 round trip, 0.5 read, 0.0 write;
    /// Adjusts a stock: the offer with its row in the low-stock list, the ledger, the
    /// idempotency record. The checks of a member are a further use.
    ADJUST_STOCK = "orders.adjust_stock": 1 round trip, 0.0 read, 7.0 write;
    /// Shards a stock: the cost of each cell, and its part of the removed row of the
    /// low-stock list.
    SHARD_STOCK = "orders.shard_stock": 1 round trip, 0.0 read, 2.5 write;
    /// Reads an idempotency record.
    GET_IDEMPOTENCY_RECORD = "orders.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Lists the adjustments of a stock.
    LIST_ADJUSTMENTS = "orders.list_adjustments": 1 round trip, 1.0 read, 0.0 write;
    /// Lists low stock.
    LIST_LOW_STOCK = "orders.list_low_stock": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the last known version of a product.
    GET_PRODUCT = "orders.get_product": 1 round trip, 1.0 read, 0.0 write;
    /// Records a product's version, with its row in the list of all products, which
    /// changes with its variants: the cost of each ten.
    PUT_PRODUCT = "orders.put_product": 1 round trip, 0.0 read, 2.0 write;
    /// Claims a SKU for a variant, or frees it.
    PUT_SKU = "orders.put_sku": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an offer before its change.
    GET_OFFER = "orders.get_offer": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the offer of a variant and the last published availability, or two buckets.
    GET_AVAILABILITY = "orders.get_availability": 1 round trip, 2.0 read, 0.0 write;
    /// Publishes the availability of a variant.
    PUT_AVAILABILITY = "orders.put_availability": 1 round trip, 0.0 read, 1.0 write;
    /// Creates an offer, with its row in the low-stock list.
    PUT_OFFER = "orders.put_offer": 1 round trip, 0.0 read, 2.0 write;
    /// Updates an offer without its stock, with that row: a renamed SKU moves it.
    UPDATE_OFFER = "orders.update_offer": 1 round trip, 0.0 read, 3.0 write;
    /// Sets the opening stock.
    SET_INITIAL_STOCK = "orders.set_initial_stock": 1 round trip, 0.0 read, 2.0 write;
    /// Reads the permission of a customer to order.
    GET_BUYER = "orders.get_buyer": 1 round trip, 1.0 read, 0.0 write;
    /// Records the permission of a customer to order.
    PUT_BUYER = "orders.put_buyer": 1 round trip, 0.0 read, 1.0 write;
    /// Writes a part: an order of under 2 KB.
    PUT_EXPORT_PART = "orders.export.put_part": 1 round trip, 0.0 read, 2.0 write;
    /// Marks the part as complete.
    FINISH_EXPORT = "orders.export.finish": 1 round trip, 0.0 read, 1.0 write;
}
