//! Words of orders and payments.

use crate::vocabulary;

vocabulary! {
    /// Status of an order.
    pub enum OrderStatus {
        /// Stock is reserved until `reserved_until`.
        Reserved = "reserved",
        /// Paid; stock is sold.
        Confirmed = "confirmed",
        /// Shipped.
        Fulfilled = "fulfilled",
        /// Finished.
        Completed = "completed",
        /// Not confirmed in time; stock is released.
        Expired = "expired",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Payment is refunded.
        Refunded = "refunded",
    }
}

vocabulary! {
    /// Status of an order's payment.
    pub enum PaymentStatus {
        /// Not paid.
        Unpaid = "unpaid",
        /// Paid.
        Paid = "paid",
        /// Refunded.
        Refunded = "refunded",
    }
}
