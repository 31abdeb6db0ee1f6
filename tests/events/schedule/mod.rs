//! Schedules: rows of right answers, edits, properties, and dates that dateutil gives.

mod days;
mod edits;
mod exceptions;
mod helpers;
mod instants;
mod oracle;
mod properties;
mod refusals;
mod rules;
mod stored;
