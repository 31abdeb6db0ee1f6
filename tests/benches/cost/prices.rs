//! AWS's list prices of eu-central-1 in US dollars, without free tiers, as known on
//! 2025-06-01. Prices are updated in this file only, and those of the table where
//! `agora schema plan` has them.

pub use local::schema_tools::prices::{READ_UNIT, WRITE_UNIT};

/// An HTTP API's request, of up to 512 KB.
pub const GATEWAY_REQUEST: f64 = 1.20 / MILLION;
/// A function's invocation.
pub const INVOCATION: f64 = 0.20 / MILLION;
/// A gigabyte-second on arm64.
pub const GIGABYTE_SECOND: f64 = 0.000_013_333_4;
/// A custom event on the bus, of up to 64 KB.
pub const EVENT: f64 = 1.00 / MILLION;
/// A call to a standard queue.
pub const QUEUE_REQUEST: f64 = 0.40 / MILLION;
/// A byte of log.
pub const LOG_BYTE: f64 = 0.63 / GIGABYTE;
/// A byte of data transfer to the internet.
pub const BYTE_OUT: f64 = 0.09 / GIGABYTE;
/// A mail.
pub const MAIL: f64 = 0.10 / 1_000.0;
/// An alarm on one metric, a month.
pub const ALARM: f64 = 0.10;
/// A dashboard, a month.
pub const DASHBOARD: f64 = 3.00;

/// Hours of an average month.
pub const HOURS: f64 = 730.0;
pub const MILLION: f64 = 1e6;
const GIGABYTE: f64 = 1e9;
