//! Events.

mod schedule;
