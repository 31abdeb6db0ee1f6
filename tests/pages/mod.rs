//! The pages, seen in headless Chromium: that they show and do what they are
//! for, say nothing on the console, and ask nobody else for anything. Where no
//! Chromium is installed, one line says that they are skipped; `CHROME` names one
//! that stands elsewhere.

mod account;
mod browser;
mod documents;
mod mailbox;
mod tab;
