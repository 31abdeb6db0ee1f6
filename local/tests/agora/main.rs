//! The `agora` command as its terminal sees it. The platform itself is covered by the
//! `tests` package.

mod access;
mod commands;
mod data;
mod helpers;
mod parameters;
mod start;
mod tour;
