//! Budgets of store operations, declared with each operation and checked by a test:
//! round trips and capacity units of a typical item.
//!
//! A write unit is a started kilobyte, a read unit four of them; a transaction
//! doubles both. The meter counts the units that DynamoDB reports.

/// Sequential round trips, and capacity units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// Round trips; overlapping calls count once.
    pub round_trips: u32,
    /// Read capacity units.
    pub read: f64,
    /// Write capacity units.
    pub write: f64,
}

/// One use of the table by a store.
#[derive(Debug)]
pub struct Operation {
    /// `auth.register`: the group and the store's method.
    pub name: &'static str,
    /// Maximum cost with typical items, which the test must see reached.
    pub budget: Units,
}

/// Declares a store's operations and lists them as `OPERATIONS` for the test.
///
/// ```
/// shared::operations! {
/// /// Reads the weather of a place.
/// GET_WEATHER = "weather.get": 1 round trip, 1.0 read, 0.0 write;
/// }
/// assert_eq!(OPERATIONS.len(), 1);
/// ```
#[macro_export]
macro_rules! operations {
    ($($(#[$doc:meta])+ $constant:ident = $name:literal: $trips:literal round $(trip)? $(trips)?, $read:literal read, $write:literal write;)+) => {
        $(
            $(#[$doc])+
            pub const $constant: $crate::units::Operation = $crate::units::Operation {
                name: $name,
                budget: $crate::units::Units { round_trips: $trips, read: $read, write: $write },
            };
        )+

        /// Every operation declared here.
        pub const OPERATIONS: &[$crate::units::Operation] = &[$($constant),+];
    };
}
