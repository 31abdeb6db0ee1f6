//! Expansion: a rule to dates, a part to starts, a schedule to occurrences.

mod days;
mod matches;
mod occurrences;
mod part;
mod period;
mod range;
mod ruled;

pub use days::Days;
pub use occurrences::{Occurrence, Occurrences};
pub(super) use part::Starts;
pub use range::Range;
pub use ruled::Ruled;
