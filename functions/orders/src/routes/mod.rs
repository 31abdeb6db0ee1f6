//! The group's endpoints, one a file.

mod adjust_stock;
mod cancel_order;
mod change_order;
mod complete_order;
mod confirm_order;
mod create_order;
mod delete_order;
mod fulfil_order;
mod get_health;
mod get_order;
mod get_order_history;
mod get_stock;
mod list_adjustments;
mod list_low_stock;
mod list_orders;
mod move_order;
mod refund_order;
mod replace_order;
mod shard_stock;
mod update_order;

use crate::state::Orders;

shared::endpoints! {
    group orders with state Orders;
    /// Orders from reservation to completion. Placing an order reserves all of its lines or
    /// none, and no unit is sold twice. A reservation expires unless the order is confirmed.
    ///
    /// 1. `POST /api/v1/orders` with an `Idempotency-Key` reserves the lines.
    /// 2. `POST /api/v1/orders/{order_id}/confirm` records the payment, before the
    ///    reservation expires.
    /// 3. `POST /api/v1/orders/{order_id}/fulfil` records the dispatch.
    tag orders;
    /// Stock of each SKU: on hand, reserved and available, with a ledger of adjustments. For
    /// administrators, and for members of the organisation that sells the SKU.
    ///
    /// 1. `GET /api/v1/stock` lists SKUs with low stock.
    /// 2. `POST /api/v1/stock/{sku}` with an `Idempotency-Key` records an adjustment and its
    ///    reason.
    /// 3. `GET /api/v1/stock/{sku}/adjustments` lists the ledger of the SKU.
    tag stock;
    create_order, list_orders, get_order, get_order_history, replace_order, update_order, delete_order,
    confirm_order, cancel_order, fulfil_order, complete_order, refund_order,
    list_low_stock, get_stock, adjust_stock, list_adjustments, shard_stock, get_health;
    alias Post "/api/v1/order" => create_order by create_order_without_key;
    alias Get "/api/v1/order/{order_id}" => get_order;
    alias Put "/api/v1/update_order/{order_id}" => replace_order;
    alias Delete "/api/v1/delete_order/{order_id}" => delete_order;
}
