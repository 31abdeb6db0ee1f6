//! The API, in process. Folders mirror the URLs.

mod assets;
mod bodies;
mod later;
mod matrix;
mod middleware;
mod platform;
mod throttled;
pub mod v1;
mod well_known;
