//! Events.

mod calendar;
mod schedule;
