//! Budget of a store operation, declared with it and held by a test: round trips and
//! capacity units of a typical item.
//!
//! A write unit is a started kilobyte, a read unit four of them; a transaction doubles
//! both. The meter counts what DynamoDB says that it charged.

/// Round trips, one after the other, and capacity units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// Round trips: calls that overlap count once.
    pub round_trips: u32,
    /// Read capacity units.
    pub read: f64,
    /// Write capacity units.
    pub write: f64,
}

/// One way in which a store uses the table.
#[derive(Debug)]
pub struct Operation {
    /// `auth.register`: the group and the store's method.
    pub name: &'static str,
    /// The most that it may cost with typical items, and what it does cost.
    pub budget: Units,
}

/// Declares a store's operations and lists them as `OPERATIONS`, so that none
/// escapes the test.
///
/// ```
/// shared::operations! {
///     /// Reads the weather of a place.
///     GET_WEATHER = "weather.get": 1 round trip, 1.0 read, 0.0 write;
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

        /// Every operation that is declared here.
        pub const OPERATIONS: &[$crate::units::Operation] = &[$($constant),+];
    };
}
