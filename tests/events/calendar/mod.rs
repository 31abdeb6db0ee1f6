//! Formats of events: stored bytes, hostile texts, zones, and two readers that expand what
//! is written.

mod formats;
mod helpers;
mod json;
mod oracle;
mod scenarios;
mod texts;
mod zones;
