//! The `agora` command: reads its arguments and does what they say. What it
//! runs is in the library.

mod commands;
mod console;

use std::process::ExitCode;

use clap::Parser;

/// Requests make and drop many small things: see ARCHITECTURE.md for the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = commands::Agora::parse().run();
    result.map_or_else(|error| console::fail(&*error), |()| ExitCode::SUCCESS)
}
