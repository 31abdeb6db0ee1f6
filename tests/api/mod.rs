//! The API, in process. Folders mirror the URLs.

mod platform;
mod v1;
mod well_known;
