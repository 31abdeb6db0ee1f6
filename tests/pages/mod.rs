//! The pages in headless Chromium: they work, print nothing on the console, and send
//! no request to another origin. Without Chromium, one line says that they are
//! skipped; `CHROME` names one in another place.

mod accessibility;
mod account;
mod browser;
mod documents;
mod events;
mod mailbox;
mod organizations;
mod session;
mod sign_in;
mod tab;
