//! AWS's list prices of the table in eu-central-1 in US dollars, as known on 2025-06-01.

/// A read request unit, on demand.
pub const READ_UNIT: f64 = 0.152_5 / MILLION;
/// A write request unit, on demand.
pub const WRITE_UNIT: f64 = 0.762_5 / MILLION;

const MILLION: f64 = 1e6;
