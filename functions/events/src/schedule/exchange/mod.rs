//! Values of iCalendar (RFC 5545) to those of a schedule, and back. Reading the lines of a
//! file is the import's.

mod first;
mod length;
mod recurrence;
mod stamp;

pub use first::with_first;
pub use length::length_between;
pub use stamp::Stamp;
